import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { regions as regionEntries } from "@antipode/core";
import { root } from "../cli/root.ts";
import { loadGraphs } from "../graph/load.ts";
import type { Graph } from "../graph/schema.ts";
import { createWorld, type WorldOptions } from "../world/create-world.ts";
import type { World } from "../world/world.ts";

export const worldRegions: readonly string[] = regionEntries.map((region) => region.name);

/** The committed graphs of production, home first. */
export const committedGraphs = (): Graph[] => loadGraphs(path.join(root, "graphs"), "prod", worldRegions);

export interface TestWorld extends World {
  /** What was refused or went wrong inside, line by line. */
  readonly warnings: readonly string[];
}

/** A whole world on free ports, with its bundles and logs in a folder of its own. */
export async function startWorld(options: Partial<WorldOptions> = {}): Promise<TestWorld> {
  const workDir = await mkdtemp(path.join(tmpdir(), "antipode-world-"));
  const warnings: string[] = [];
  const world = await createWorld({
    graphs: committedGraphs(),
    root,
    workDir,
    engine: "embedded",
    seed: 1,
    warn: (line) => warnings.push(line),
    ...options,
  });
  return {
    ...world,
    warnings,
    async close() {
      await world.close();
      await rm(workDir, { recursive: true, force: true });
    },
  };
}
