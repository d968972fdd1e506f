import { pathToFileURL } from "node:url";
import { secretMark } from "../format.ts";
import { installMonitor } from "./monitor.ts";
import { createProblemList } from "./problems.ts";
import { loadPulumi } from "./pulumi.ts";
import type { RawEvaluation } from "./raw.ts";
import { createRecorder, type RecorderSettings } from "./recorder.ts";

export interface RunJob {
  /** The built program. */
  readonly program: string;
  readonly platform: string;
  readonly root: string;
  /** Pulumi configuration, such as `aws:region`. */
  readonly config: Record<string, string>;
  readonly recorder: RecorderSettings;
}

/** Each problem once; a program that just stopped, with nothing thrown, is one too. */
function allProblems(unanswered: readonly string[], thrown: readonly string[], finished: boolean): string[] {
  // What a model could not answer is thrown into the program as well, and comes back with the place that asked.
  const repeated = (problem: string): boolean => thrown.some((message) => message.endsWith(problem));
  const problems = [...new Set(unanswered)].filter((problem) => !repeated(problem)).concat(thrown);
  return finished || problems.length > 0
    ? problems
    : ["the program stopped before its end: it waits for something that never comes"];
}

/**
 * Runs a built program under Pulumi's runtime in this process and resolves when its event loop is empty, which is
 * when a Pulumi program has ended. Once per process: Pulumi and SST keep their state in globals.
 */
export async function runProgram(job: RunJob): Promise<RawEvaluation> {
  const pulumi = loadPulumi(job.platform);
  const recorder = createRecorder(job.recorder);
  const thrown = createProblemList(job.root);
  process.on("uncaughtException", thrown.add);
  process.on("unhandledRejection", thrown.add);
  await installMonitor(pulumi, recorder, job.recorder.app, job.recorder.stage);
  pulumi.runtime.setAllConfig(job.config);

  let finished = false;
  const ended = new Promise<RawEvaluation>((resolve) => {
    process.once("beforeExit", () => {
      const { resources, calls, links, secrets, problems } = recorder;
      resolve({
        resources,
        calls,
        links,
        secrets,
        problems: allProblems(problems, thrown.messages(), finished),
      });
    });
  });
  // Not awaited: after an error some of Pulumi's promises never settle, and the empty event loop still ends the run.
  pulumi.runtime
    .runInPulumiStack(async () => {
      // SST's CLI passes a stage's secrets this way; a component reads its own right after it is registered.
      pulumi.runtime.registerStackTransformation(({ type, name }) => {
        if (type === "sst:sst:Secret") {
          process.env[`SST_SECRET_${name}`] = secretMark;
        }
      });
      const program = (await import(pathToFileURL(job.program).href)) as { default: unknown };
      return program.default;
    })
    .then(() => pulumi.runtime.disconnect())
    .then(() => {
      finished = true;
    })
    .catch(thrown.add);
  return ended;
}
