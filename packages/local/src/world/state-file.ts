/** Where a running world leaves its address, so that `npm run world` finds it without being told. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as z from "zod";

const stateSchema = z.object({ pid: z.number(), control: z.url() });

export type WorldState = z.infer<typeof stateSchema>;

const fileIn = (root: string) => path.join(root, ".antipode", "world.json");

export function writeWorldState(root: string, state: WorldState): void {
  mkdirSync(path.dirname(fileIn(root)), { recursive: true });
  writeFileSync(fileIn(root), `${JSON.stringify(state)}\n`);
}

/** Removes the state, if it is still this process's own: a second world may have taken over. */
export function removeWorldState(root: string, pid: number): void {
  if (readWorldState(root)?.pid === pid) rmSync(fileIn(root), { force: true });
}

/** The state that a world left, whether or not it still runs; nothing when there is none that can be read. */
export function readWorldState(root: string): WorldState | undefined {
  if (!existsSync(fileIn(root))) return undefined;
  try {
    return stateSchema.safeParse(JSON.parse(readFileSync(fileIn(root), "utf8"))).data;
  } catch {
    return undefined; // half-written by a world that was killed: as good as none
  }
}

/** The world of this checkout that still runs, if any: bundles, logs and the state file are one world's. */
export function runningWorld(root: string): WorldState | undefined {
  const state = readWorldState(root);
  if (state === undefined) return undefined;
  try {
    process.kill(state.pid, 0); // asks whether the process is there
    return state;
  } catch {
    return undefined;
  }
}
