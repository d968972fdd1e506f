import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createVirtualTime } from "../../../testing-time/virtual-time.ts";
import { type CachedRead, createCachedReads, type ServedAnswer, type WholeAnswer } from "./cached-reads.ts";
import { createObjectCache } from "./object-cache.ts";

const ttls = { minTtlSeconds: 0, defaultTtlSeconds: 0, maxTtlSeconds: 60, errorCaching: [] };

/** An origin whose n-th answer to a key says who asked, when, and for whom it is meant. */
interface Said {
  readonly cacheControl: string;
  readonly status: number;
  readonly takesMs: number;
}

const said: fc.Arbitrary<Said> = fc.record({
  cacheControl: fc.constantFrom(
    "max-age=2",
    "max-age=5, stale-while-revalidate=3",
    "max-age=1, stale-while-revalidate=30, stale-if-error=300",
    "max-age=2, stale-if-error=4",
    "max-age=2, stale-if-error=0",
    "max-age=2, must-revalidate",
    "no-store",
    "private, max-age=50",
    "no-cache",
    "",
  ),
  status: fc.constantFrom(200, 200, 200, 200, 404, 500, 503),
  takesMs: fc.constantFrom(0, 0, 100, 1_500),
});
const visit = fc.record({
  waitMs: fc.constantFrom(0, 0, 10, 400, 1_000, 3_000, 12_000, 70_000),
  key: fc.constantFrom("a", "b"),
  tagged: fc.boolean(),
});

interface Made extends Said {
  readonly key: string;
  readonly askedBy: number;
  readonly madeAtMs: number;
}

interface Seen {
  readonly visitor: number;
  readonly atMs: number;
  readonly askedAtMs: number;
  readonly answer: ServedAnswer;
}

/** Visitors come one after another, and wait for their answers side by side. */
async function run(
  answers: readonly Said[],
  visits: readonly { waitMs: number; key: string; tagged: boolean }[],
) {
  const time = createVirtualTime();
  const reads = createCachedReads(createObjectCache({ bytesMax: 1_000_000 }), time);
  const made: Made[] = [];
  const seen: Seen[] = [];
  let questions = 0;
  const read = (visitor: number, key: string, tagged: boolean): CachedRead => ({
    key,
    target: `/${key}`,
    ttls,
    async ask(validators) {
      const next = answers[questions % answers.length] as Said;
      questions += 1;
      if (next.takesMs > 0) await time.sleep(next.takesMs);
      const number = made.push({ ...next, key, askedBy: visitor, madeAtMs: time.now() }) - 1;
      const etag = tagged ? { etag: `"${number}"` } : {};
      const headers = { "cache-control": next.cacheControl, number: String(number), ...etag };
      const isSame = next.status === 200 && validators !== undefined && number % 2 === 0;
      return {
        status: isSame ? 304 : next.status,
        headers,
        body: Buffer.alloc(1),
        validators: etag,
      } as WholeAnswer;
    },
  });
  const waiting: Promise<void>[] = [];
  for (const [visitor, { waitMs, key, tagged }] of visits.entries()) {
    await time.advance(waitMs);
    const askedAtMs = time.now();
    waiting.push(
      reads.read(read(visitor, key, tagged)).then((answer) => {
        seen.push({ visitor, atMs: time.now(), askedAtMs, answer });
      }),
    );
  }
  await time.advance(10_000);
  await Promise.all(waiting);
  return { made, seen };
}

/** The seconds of a directive, told by the text alone. */
const secondsOf = (cacheControl: string, name: string) => {
  const match = new RegExp(`(?:^|[ ,])${name}=(\\d+)`).exec(cacheControl);
  return match === null ? undefined : Number(match[1]);
};

function checkOne(made: readonly Made[], { visitor, atMs, askedAtMs, answer }: Seen, key: string): void {
  const origin = made[Number(answer.headers["number"])] as Made;
  expect(origin.key, "an answer is of the key that was asked for").toBe(key);
  const isOwn = origin.askedBy === visitor;
  const forOne = /no-store|private|no-cache/.test(origin.cacheControl);
  if (forOne && origin.status < 500) expect(isOwn, "what is for one is served to one").toBe(true);
  if (isOwn && origin.madeAtMs >= askedAtMs) return;
  const ageMs = Math.max(askedAtMs, origin.madeAtMs) - origin.madeAtMs;
  if (origin.status >= 400) {
    const keptMs = 1_000 * Math.min(60, Math.max(10, secondsOf(origin.cacheControl, "max-age") ?? 0));
    expect(ageMs, "an error is kept for ten seconds, or as long as it says").toBeLessThan(keptMs);
    return;
  }
  const maxAgeMs = 1_000 * (secondsOf(origin.cacheControl, "max-age") ?? 0);
  const revalidating = secondsOf(origin.cacheControl, "stale-while-revalidate") ?? 0;
  const mayNot = /must-revalidate/.test(origin.cacheControl);
  const ifError = mayNot ? 0 : Math.min(60, secondsOf(origin.cacheControl, "stale-if-error") ?? 60);
  const staleMs = 1_000 * (mayNot ? 0 : Math.max(revalidating, ifError));
  // A visitor may wait for the answer of an origin that then fails: it is stale by that much more.
  expect(atMs - origin.madeAtMs - (atMs - askedAtMs), "nothing is older than it may be").toBeLessThanOrEqual(
    Math.min(maxAgeMs + staleMs, 60_000),
  );
  expect(answer.ageSeconds, "the age is what it is").toBe(Math.floor((atMs - origin.madeAtMs) / 1_000));
  if (ageMs >= maxAgeMs + 1_000 * (mayNot ? 0 : revalidating)) {
    const later = made.slice(Number(answer.headers["number"]) + 1);
    const failed = later.some((one) => one.key === key && one.status >= 500 && one.madeAtMs <= atMs);
    expect(failed, "beyond its time it only stands in for an error").toBe(true);
    return;
  }
  expect(answer.result).toBe("Hit");
}

describe("reads through a cache", () => {
  it("serve nobody what is another's, nothing too old, and nothing under another key", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(said, { minLength: 1, maxLength: 6 }),
        fc.array(visit, { minLength: 1, maxLength: 14 }),
        async (answers, visits) => {
          const { made, seen } = await run(answers, visits);
          expect(seen).toHaveLength(visits.length);
          for (const one of seen) checkOne(made, one, visits[one.visitor]?.key ?? "");
        },
      ),
      { seed: 3, numRuns: 1_500 },
    );
  });

  it("ask the origin once for many who ask at once, if the answer is for all", async () => {
    for (const [cacheControl, asked] of [
      ["max-age=5", 1],
      ["private", 5],
    ] as const) {
      const visits = Array.from({ length: 5 }, () => ({ waitMs: 0, key: "a", tagged: false }));
      const { made } = await run([{ cacheControl, status: 200, takesMs: 100 }], visits);
      expect(made).toHaveLength(asked);
    }
  });
});
