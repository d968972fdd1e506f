import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Invoked } from "./outcome.ts";
import { createMappingBench, reporting, throwing } from "./testing/mapping-bench.ts";
import { numberOf } from "./testing/stream.ts";

/** What the function does with a record each time it sees it: the last entry holds for ever. */
const behaviour = fc.array(fc.constantFrom("ok", "report", "throw", "unreachable"), {
  minLength: 1,
  maxLength: 4,
});

const scenario = fc.record({
  seed: fc.nat(),
  records: fc.array(
    fc.record({
      key: fc.constantFrom("a", "b", "c"),
      eventName: fc.constantFrom("INSERT" as const, "MODIFY" as const, "REMOVE" as const),
      behaviour: fc.oneof({ weight: 3, arbitrary: fc.constant(["ok"]) }, { weight: 1, arbitrary: behaviour }),
      afterMs: fc.integer({ min: 0, max: 3_000 }),
    }),
    { maxLength: 25 },
  ),
  batchSize: fc.integer({ min: 1, max: 8 }),
  windowSeconds: fc.constantFrom(0, 0, 1),
  reports: fc.boolean(),
  bisects: fc.boolean(),
  retries: fc.constantFrom(0, 1, 3),
  ageSeconds: fc.constantFrom(-1, 60),
  takesMs: fc.integer({ min: 0, max: 500 }),
  destinationFails: fc.array(fc.boolean(), { maxLength: 5 }),
  faults: fc.array(
    fc.record({
      atMs: fc.integer({ min: 0, max: 60_000 }),
      forMs: fc.integer({ min: 1, max: 10_000 }),
      kind: fc.constantFrom("down" as const, "pause" as const),
    }),
    { maxLength: 4 },
  ),
});
type Scenario = typeof scenario extends fc.Arbitrary<infer S> ? S : never;

interface Run {
  readonly log: string[];
  readonly passing: number[];
  readonly acknowledged: ReadonlySet<number>;
  readonly discarded: ReadonlySet<number>;
  readonly sent: readonly (readonly number[])[];
  readonly behind: number;
}

/** Runs a scenario and checks, at every invocation and every store, that it was that record's turn. */
async function run(drawn: Scenario): Promise<Run> {
  const acknowledged = new Set<number>();
  const discarded = new Set<number>();
  const log: string[] = [];
  const seen = new Map<number, number>();
  const passing: number[] = [];
  const violations: string[] = [];
  const destinationFails = [...drawn.destinationFails];
  let running = 0;
  let isDown = false;

  const settled = (number: number) => acknowledged.has(number) || discarded.has(number);

  function checkTurn(numbers: readonly number[], what: string): void {
    log.push(`${bench.time.now()} ${what} ${numbers}`);
    const first = passing.indexOf(numbers[0] ?? -1);
    const run = passing.slice(first, first + numbers.length);
    if (first < 0 || run.join() !== numbers.join())
      violations.push(`${what} ${numbers} is no run of ${passing}`);
    const skipped = passing.slice(0, first).filter((number) => !settled(number));
    if (skipped.length > 0) violations.push(`${what} ${numbers} before ${skipped} is settled`);
  }

  async function handle(numbers: readonly number[]): Promise<Invoked> {
    checkTurn(numbers, "invoke");
    running += 1;
    if (running > 1 && !isDown) violations.push("two invocations at one time");
    await bench.time.sleep(drawn.takesMs);
    running -= 1;
    const acts = numbers.map((number) => act(number));
    if (acts.includes("unreachable")) throw new Error("unreachable");
    if (acts.includes("throw")) return throwing;
    const reported = drawn.reports ? numbers.filter((_, index) => acts[index] === "report") : [];
    const done = reported.length === 0 ? numbers : numbers.filter((number) => number < Math.min(...reported));
    // An answer on its way when the region is lost tells the mapping nothing, yet the work was done.
    for (const number of done) acknowledged.add(number);
    return reporting(reported);
  }

  function act(number: number): string {
    const behaviours = drawn.records[number - 1]?.behaviour ?? ["ok"];
    const count = seen.get(number) ?? 0;
    seen.set(number, count + 1);
    // What never works is not "unreachable": that alone would be retried for ever.
    const last = behaviours.at(-1) === "unreachable" ? "ok" : (behaviours.at(-1) ?? "ok");
    return behaviours[count] ?? last;
  }

  const bench = createMappingBench({
    seed: drawn.seed,
    handle,
    async store(object) {
      const payload: { Records: { dynamodb: { SequenceNumber: string } }[] } = JSON.parse(
        JSON.parse(object.body).payload,
      );
      const numbers = payload.Records.map((record) => numberOf(record.dynamodb.SequenceNumber));
      if (destinationFails.shift() === true) throw new Error("not now");
      checkTurn(numbers, "discard");
      for (const number of numbers) discarded.add(number);
    },
    definition: {
      batchSize: drawn.batchSize,
      maximumBatchingWindowInSeconds: drawn.windowSeconds,
      reportBatchItemFailures: drawn.reports,
      bisectBatchOnFunctionError: drawn.bisects,
      maximumRetryAttempts: drawn.retries,
      maximumRecordAgeInSeconds: drawn.ageSeconds,
      filters: [JSON.stringify({ eventName: ["INSERT", "MODIFY"] })],
    },
  });
  const mapping = bench.start();
  const position = () => numberOf(mapping.status().position || "10");
  for (const { atMs, forMs, kind } of drawn.faults) {
    bench.time.after(atMs, () => {
      if (kind === "pause") mapping.pause();
      else {
        isDown = true;
        mapping.setDown(true);
      }
    });
    bench.time.after(atMs + forMs, () => {
      if (kind === "pause") mapping.resume();
      else {
        // The world kills a region's functions with it: none of the old life runs on.
        running = 0;
        isDown = false;
        mapping.setDown(false);
      }
    });
  }
  for (const [index, { key, eventName, afterMs }] of drawn.records.entries()) {
    await bench.time.advance(afterMs);
    if (eventName !== "REMOVE") passing.push(index + 1);
    bench.stream.append(key, eventName);
    const skipped = passing.filter((number) => number <= position() && !settled(number));
    if (skipped.length > 0) violations.push(`position ${position()} passed ${skipped}`);
  }
  await bench.time.advance(2 * 60 * 60_000);
  const status = mapping.status();
  await mapping.stop();
  expect(violations).toEqual([]);
  return { log, passing, acknowledged, discarded, sent: bench.sent, behind: status.behind };
}

describe("a mapping, whatever the function, the destination and the region do", () => {
  test("settles every record that passes the filter, in order, and no other", async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (drawn) => {
        const { passing, acknowledged, discarded, sent, behind } = await run(drawn);
        const settled = passing.filter((number) => acknowledged.has(number) || discarded.has(number));
        expect(settled).toEqual(passing);
        expect(sent.flat().filter((number) => !passing.includes(number))).toEqual([]);
        expect(sent.every((numbers) => numbers.length <= drawn.batchSize)).toBe(true);
        expect(behind).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  test("keeps the order of each key, except for what went to the destination", async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (drawn) => {
        const { sent, discarded } = await run({ ...drawn, faults: [] });
        // Without a lost region a record is sent again only until it is settled, so last sendings are in order.
        const lastSent = new Map<number, number>();
        for (const [invocation, numbers] of sent.entries()) {
          for (const number of numbers) lastSent.set(number, invocation);
        }
        const kept = [...lastSent].filter(([number]) => !discarded.has(number)).sort(([a], [b]) => a - b);
        for (const [index, [, invocation]] of kept.entries()) {
          expect(invocation).toBeGreaterThanOrEqual(kept[index - 1]?.[1] ?? 0);
        }
      }),
      { numRuns: 150 },
    );
  });

  test("does the same again with the same seed", async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (drawn) => {
        expect((await run(drawn)).log).toEqual((await run(drawn)).log);
      }),
      { numRuns: 30 },
    );
  });
});
