import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { LogEntry } from "./definition.ts";
import { createFunctionLogs } from "./function-logs.ts";

const entry = (line: string, more: Partial<LogEntry> = {}): LogEntry => ({
  region: "us-east-1",
  function: "Api",
  requestId: "r1",
  level: "INFO",
  line,
  ...more,
});

test("the last entries of each function are kept, oldest first", () => {
  const logs = createFunctionLogs({ now: () => 7 });
  for (let count = 0; count < 250; count += 1) logs.write(entry(`line ${count}`));
  logs.write(entry("elsewhere", { region: "eu-west-1" }));
  const tail = logs.tail("us-east-1", "Api");
  expect(tail).toHaveLength(200);
  expect([tail[0]?.line, tail.at(-1)?.line]).toEqual(["line 50", "line 249"]);
  expect(logs.tail("eu-west-1", "Api")).toEqual([
    { ...entry("elsewhere", { region: "eu-west-1" }), atMs: 7 },
  ]);
  expect(logs.tail("us-east-1", "Other")).toEqual([]);
});

test("files are by region and function", async () => {
  const directory = await mkdtemp(join(tmpdir(), "antipode-logs-"));
  const logs = createFunctionLogs({ directory, now: () => Date.UTC(2026, 0, 1) });
  logs.write(entry("one"));
  logs.write({ region: "us-east-1", function: "Api", level: "ERROR", line: "two" });
  await logs.close();
  expect(await readFile(join(directory, "us-east-1/Api.log"), "utf8")).toBe(
    "2026-01-01T00:00:00.000Z\tr1\tINFO\tone\n2026-01-01T00:00:00.000Z\tinit\tERROR\ttwo\n",
  );
  await rm(directory, { recursive: true });
});
