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

export function readWorldState(root: string): WorldState | undefined {
  if (!existsSync(fileIn(root))) return undefined;
  const parsed = stateSchema.safeParse(JSON.parse(readFileSync(fileIn(root), "utf8")));
  return parsed.success ? parsed.data : undefined;
}
