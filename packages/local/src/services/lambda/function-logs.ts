import type { WriteStream } from "node:fs";
import { createWriteStream, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { LogEntry } from "./definition.ts";

/** Kept in memory for each function of each region: enough to see what went wrong, whatever a loop logs. */
const tailEntriesMax = 200;

export interface TimedLogEntry extends LogEntry {
  /** By the region's clock. */
  readonly atMs: number;
}

export interface FunctionLogs {
  /** Give this to `createLambda` as `onLog`. */
  readonly write: (entry: LogEntry) => void;
  /** The latest entries of a function, oldest first. */
  tail(region: string, functionName: string): readonly TimedLogEntry[];
  close(): Promise<void>;
}

export interface FunctionLogsOptions {
  /** Files are `<directory>/<region>/<function>.log`, overwritten at each start. Nothing is written without it. */
  readonly directory?: string;
  readonly now: (region: string) => number;
}

/** Where functions' output goes: a file each, and the last entries in memory; never the terminal. */
export function createFunctionLogs(options: FunctionLogsOptions): FunctionLogs {
  const tails = new Map<string, TimedLogEntry[]>();
  const files = new Map<string, WriteStream>();

  function fileOf(directory: string, name: string): WriteStream {
    const open = files.get(name);
    if (open !== undefined) return open;
    const path = join(directory, `${name}.log`);
    mkdirSync(dirname(path), { recursive: true });
    const made = createWriteStream(path);
    files.set(name, made);
    return made;
  }

  return {
    write(entry) {
      const name = `${entry.region}/${entry.function}`;
      const timed = { ...entry, atMs: options.now(entry.region) };
      const tail = tails.get(name) ?? [];
      tails.set(name, tail);
      tail.push(timed);
      if (tail.length > tailEntriesMax) tail.shift();
      if (options.directory !== undefined) fileOf(options.directory, name).write(`${formatEntry(timed)}\n`);
    },
    tail: (region, functionName) => tails.get(`${region}/${functionName}`) ?? [],
    async close() {
      await Promise.all([...files.values()].map((file) => new Promise((resolve) => file.end(resolve))));
    },
  };
}

/** As CloudWatch shows a Node function's lines: time, request id, level, text. */
export function formatEntry(entry: TimedLogEntry): string {
  return `${new Date(entry.atMs).toISOString()}\t${entry.requestId ?? "init"}\t${entry.level}\t${entry.line}`;
}
