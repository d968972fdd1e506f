/**
 * The process that an evaluation runs in: Pulumi's runtime and SST's components keep their state in globals, so one
 * process evaluates one program. Reads its job from standard input and writes the result to the job's file.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import type { Json } from "./format.ts";
import { createProblemList } from "./monitor/problems.ts";
import { type RunJob, runProgram } from "./monitor/run.ts";

export type ChildJob =
  | { readonly kind: "app"; readonly program: string; readonly root: string; readonly out: string }
  | { readonly kind: "run"; readonly run: RunJob; readonly out: string };

/** What `app()` of sst.config.ts returned, or why it did not. */
export interface AppResult {
  readonly returned: Json;
  readonly problems: readonly string[];
}

async function runApp(program: string, root: string): Promise<AppResult> {
  const problems = createProblemList(root);
  try {
    const { default: returned } = (await import(pathToFileURL(program).href)) as { default: Json };
    return { returned, problems: [] };
  } catch (error) {
    problems.add(error);
    return { returned: null, problems: problems.messages() };
  }
}

const job = JSON.parse(readFileSync(0, "utf8")) as ChildJob;
const result = job.kind === "app" ? await runApp(job.program, job.root) : await runProgram(job.run);
writeFileSync(job.out, JSON.stringify(result));
process.exit(0);
