import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { regions as regionEntries } from "@antipode/core";
import { root } from "../cli/root.ts";
import { loadGraphs } from "../graph/load.ts";
import type { Graph } from "../graph/schema.ts";
import { createWorld } from "./create-world.ts";
import type { World } from "./world.ts";
import type { WorldOptions } from "./world-options.ts";

export const worldRegions: readonly string[] = regionEntries.map((region) => region.name);

/** The committed graphs of production, home first. */
export const committedGraphs = (): Graph[] => loadGraphs(path.join(root, "graphs"), "prod", worldRegions);

export interface TemporaryWorld extends World {
  /** What was refused or went wrong inside, line by line. */
  readonly warnings: readonly string[];
}

/** A whole world on free ports, with its bundles and logs in a folder of its own that goes when it is closed. */
export async function startTemporaryWorld(options: Partial<WorldOptions> = {}): Promise<TemporaryWorld> {
  const workDir = await mkdtemp(path.join(tmpdir(), "antipode-world-"));
  const removeAtExit = () => rmSync(workDir, { recursive: true, force: true });
  process.once("exit", removeAtExit); // whoever is interrupted leaves nothing behind
  const removeWorkDir = async () => {
    process.off("exit", removeAtExit);
    await rm(workDir, { recursive: true, force: true });
  };
  const warnings: string[] = [];
  try {
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
        await removeWorkDir();
      },
    };
  } catch (error) {
    await removeWorkDir();
    throw error;
  }
}
