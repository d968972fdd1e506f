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

/** A world answers at once; this long it may take on a busy machine. */
const answerWithinMs = 2_000;

/** The world of this checkout that still runs, if any: bundles, logs and the state file are one world's. */
export async function runningWorld(root: string): Promise<WorldState | undefined> {
  const state = readWorldState(root);
  if (state === undefined) return undefined;
  try {
    const response = await fetch(`${state.control}/status`, { signal: AbortSignal.timeout(answerWithinMs) });
    return response.ok ? state : undefined;
  } catch {
    return undefined; // it was killed and left its state behind
  }
}
