import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { AppResult } from "./child.ts";
import { runChild } from "./child-process.ts";
import type { Graph } from "./format.ts";
import type { RawEvaluation, RawLinks } from "./monitor/raw.ts";
import { type App, normalizeApp, pulumiConfig } from "./program/app.ts";
import { buildApp, buildProgram, type Project, platformOf } from "./program/build-program.ts";
import { loadEsbuild } from "./program/esbuild.ts";
import { createFunctionBuilder } from "./rpc/function-build.ts";
import { bootstrapMethods, startRpcServer } from "./rpc/rpc-server.ts";
import { evaluationSettings, graphAccount } from "./settings.ts";
import { homeStageOf, parseStage } from "./stages.ts";
import { findBrokenTexts } from "./trim/find-broken-texts.ts";
import { trimGraph } from "./trim/trim-graph.ts";

/** The program ran into something that must be put right in `sst.config.ts` or `infra/`. */
export class EvaluationError extends Error {
  readonly stage: string;
  readonly problems: readonly string[];

  constructor(stage: string, problems: readonly string[]) {
    super(problems.map((problem) => `${stage}: ${problem}`).join("\n"));
    this.name = "EvaluationError";
    this.stage = stage;
    this.problems = problems;
  }
}

export interface EvaluateOptions {
  /** The repository's root, which holds `.sst/platform`. */
  readonly root: string;
  /** The `sst.config.ts` to evaluate; the root's own without it. */
  readonly config?: string;
  /** Graphs in which look-ups may find other stages' resources. Without it the home stage is evaluated first. */
  readonly peers?: readonly Graph[];
  /** Settings of the environment beyond those of `.env.example`. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface Evaluation {
  readonly graph: Graph;
  /** Properties of everything linkable, for `sst-env.d.ts`. */
  readonly links: RawLinks;
}

type ChildEnv = Readonly<Record<string, string>>;

async function loadApp(project: Project, stage: string, env: ChildEnv, work: string): Promise<App> {
  const root = path.dirname(project.config);
  const built = await buildApp(project, stage);
  try {
    const job = { kind: "app", program: built.file, root, out: path.join(work, "app.json") } as const;
    const { returned, problems } = await runChild<AppResult>(job, { cwd: root, env });
    if (problems.length > 0) {
      throw new EvaluationError(stage, problems);
    }
    return normalizeApp(returned, stage);
  } finally {
    built.remove();
  }
}

interface Surroundings {
  readonly peers: readonly Graph[];
  readonly work: string;
  readonly others: EvaluateOptions["settings"];
}

async function runStage(
  project: Project,
  stage: string,
  { peers, work, others }: Surroundings,
): Promise<Evaluation> {
  const appRoot = path.dirname(project.config);
  const platform = platformOf(project);
  const settings = { ...evaluationSettings(appRoot), ...others };
  const env = { ...settings, PATH: process.env["PATH"] ?? "", HOME: work, TZ: "UTC" };
  const app = await loadApp(project, stage, env, work);
  const program = await buildProgram(project, app, work);
  const builder = createFunctionBuilder(appRoot, path.join(work, "artifacts"), loadEsbuild(platform));
  const rpc = await startRpcServer({ ...bootstrapMethods(graphAccount), "Runtime.Build": builder.build });
  try {
    const recorder = {
      app: app.name,
      stage,
      region: app.region,
      account: graphAccount,
      zoneName: settings["ANTIPODE_DOMAIN"] ?? "",
      peers,
    };
    const run = { program: program.file, platform, root: appRoot, config: pulumiConfig(app), recorder };
    const raw = await runChild<RawEvaluation>(
      { kind: "run", run, out: path.join(work, "run.json") },
      { cwd: appRoot, env: { ...env, SST_SERVER: rpc.url, SST_AWS_REGION: app.region } },
    );
    if (raw.problems.length > 0) {
      throw new EvaluationError(stage, raw.problems);
    }
    const graph = trimGraph({ app, raw, builds: builder.builds });
    const brokenTexts = findBrokenTexts(graph);
    if (brokenTexts.length > 0) {
      throw new EvaluationError(stage, brokenTexts);
    }
    return { graph, links: raw.links };
  } finally {
    await rpc.close();
    program.remove();
  }
}

/**
 * Evaluates one stage of an SST app offline: the real `sst.config.ts` and SST components, with modelled answers in
 * place of AWS's. The same sources give the same bytes. Throws `EvaluationError` for what the program did wrong.
 */
export async function evaluate(stage: string, options: EvaluateOptions): Promise<Evaluation> {
  const parsed = parseStage(stage);
  if (!parsed) {
    throw new EvaluationError(stage, ["not a stage: it is <environment>-<region> or a bare name"]);
  }
  const { root, config = path.join(root, "sst.config.ts") } = options;
  if (!existsSync(platformOf({ root, config }))) {
    throw new EvaluationError(stage, ['.sst/platform is missing: run "node scripts/install-sst.ts"']);
  }
  const home = homeStageOf(parsed);
  const peers = options.peers ?? (home.name === stage ? [] : [await evaluateStage(home.name, options)]);
  const work = mkdtempSync(path.join(tmpdir(), "antipode-graph-"));
  try {
    return await runStage({ root, config }, stage, { peers, work, others: options.settings });
  } catch (error) {
    if (error instanceof EvaluationError) {
      throw error;
    }
    throw new EvaluationError(stage, [error instanceof Error ? error.message : String(error)]);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** `evaluate`, for those who want the graph only. */
export async function evaluateStage(stage: string, options: EvaluateOptions): Promise<Graph> {
  return (await evaluate(stage, options)).graph;
}
