import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Evaluation } from "../evaluate.ts";
import { type Graph, graphToText } from "../format.ts";
import { envTypes } from "../links/env-types.ts";
import { repositoryRoot } from "../repository-root.ts";
import { firstDifference } from "./difference.ts";

/** A file that `npm run graph` writes, with the text it should have. */
interface OutputFile {
  /** From the repository's root. */
  readonly file: string;
  readonly text: string;
  readonly graph?: Graph;
}

export interface StaleFile {
  readonly file: string;
  /** What differs first. */
  readonly difference: string;
}

export function graphFile(stage: string): string {
  return path.join("graphs", `${stage}.json`);
}

/** The evaluated graphs and the types of their links, as files. */
function outputFiles(evaluations: readonly Evaluation[]): OutputFile[] {
  const links = Object.fromEntries(evaluations.map(({ graph, links: ofStage }) => [graph.stage, ofStage]));
  return [
    ...evaluations.map(({ graph }) => ({ file: graphFile(graph.stage), text: graphToText(graph), graph })),
    { file: "sst-env.d.ts", text: envTypes(links) },
  ];
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      return undefined;
    }
    throw error;
  }
}

function lineDifference(committed: string, evaluated: string): string {
  const [before, after] = [committed.split("\n"), evaluated.split("\n")];
  const index = after.findIndex((line, at) => line !== before[at]);
  const at = index === -1 ? after.length : index;
  return `line ${at + 1}: committed ${JSON.stringify(before[at] ?? "")}, evaluated ${JSON.stringify(after[at] ?? "")}`;
}

function differenceOf(committed: string, output: OutputFile): string {
  if (!output.graph) {
    return lineDifference(committed, output.text);
  }
  try {
    return firstDifference(JSON.parse(committed) as Graph, output.graph) ?? "only its layout differs";
  } catch {
    return "it is not a graph";
  }
}

/** The committed files that the evaluation no longer gives. */
export function findStaleFiles(root: string, evaluations: readonly Evaluation[]): StaleFile[] {
  return outputFiles(evaluations).flatMap((output) => {
    const committed = readIfThere(path.join(root, output.file));
    if (committed === output.text) {
      return [];
    }
    const difference = committed === undefined ? "it is missing" : differenceOf(committed, output);
    return [{ file: output.file, difference }];
  });
}

/** Writes the graphs and `sst-env.d.ts`; returns the files that changed. */
export function writeOutputs(root: string, evaluations: readonly Evaluation[]): string[] {
  mkdirSync(path.join(root, "graphs"), { recursive: true });
  const changed = outputFiles(evaluations).filter(
    ({ file, text }) => readIfThere(path.join(root, file)) !== text,
  );
  for (const { file, text } of changed) {
    writeFileSync(path.join(root, file), text);
  }
  return changed.map(({ file }) => file);
}

/** The committed graph of a stage. Throws when there is none, or when it has a form this version cannot read. */
export function readGraph(stage: string, root: string = repositoryRoot): Graph {
  const text = readIfThere(path.join(root, graphFile(stage)));
  if (text === undefined) {
    throw new Error(`${graphFile(stage)} is missing: run "npm run graph"`);
  }
  const graph = JSON.parse(text) as Graph;
  if (graph.version !== 1) {
    throw new Error(
      `${graphFile(stage)} has version ${String(graph.version)}, expected 1: run "npm run graph"`,
    );
  }
  return graph;
}
