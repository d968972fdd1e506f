import { type EvaluateOptions, type Evaluation, evaluate } from "./evaluate.ts";
import { homeStageOf, type Stage } from "./stages.ts";

/** Evaluations that run at a time: each takes a core and some 300 MB. */
const concurrency = 2;

/** Runs the tasks `limit` at a time, in order of the list, and gives their results in that order. */
async function runLimited<Result>(
  tasks: readonly (() => Promise<Result>)[],
  limit: number,
): Promise<Result[]> {
  const results = new Map<number, Result>();
  const waiting = [...tasks.entries()];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [index, task] = next;
      results.set(index, await task());
    }
  };
  await Promise.all(Array.from({ length: limit }, worker));
  return [...results].sort(([a], [b]) => a - b).map(([, result]) => result);
}

/**
 * Evaluates stages of one app. Stages that own what others look up come first, and their graphs answer those
 * look-ups. Gives the evaluations in the order of `stages`.
 */
export async function evaluateStages(
  stages: readonly Stage[],
  options: Omit<EvaluateOptions, "peers">,
  onEvaluated: (evaluation: Evaluation, ms: number) => void = () => {},
): Promise<Evaluation[]> {
  const timed = async (stage: Stage, peers: EvaluateOptions["peers"]): Promise<Evaluation> => {
    const startedMs = performance.now();
    const evaluation = await evaluate(stage.name, { ...options, ...(peers && { peers }) });
    onEvaluated(evaluation, performance.now() - startedMs);
    return evaluation;
  };
  const isHome = (stage: Stage): boolean => homeStageOf(stage).name === stage.name;
  const homes = await runLimited(
    stages.filter(isHome).map((stage) => () => timed(stage, [])),
    concurrency,
  );
  const peersOf = (stage: Stage): EvaluateOptions["peers"] => {
    const home = homes.find(({ graph }) => graph.stage === homeStageOf(stage).name);
    return home && [home.graph];
  };
  const others = await runLimited(
    stages.filter((stage) => !isHome(stage)).map((stage) => () => timed(stage, peersOf(stage))),
    concurrency,
  );
  const order = new Map(stages.map(({ name }, index) => [name, index]));
  const place = ({ graph }: Evaluation): number => order.get(graph.stage) ?? 0;
  return [...homes, ...others].sort((a, b) => place(a) - place(b));
}
