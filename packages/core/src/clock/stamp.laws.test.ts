import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyOrigin, anyStamp, origin } from "../testing/arbitraries.ts";
import { admitStamp, compareStamps, latestStamp, nextStamp, stampToText, textToStamp } from "./stamp.ts";

const sign = (order: number) => Math.sign(order) + 0;

describe("stamps", () => {
  test("have a total order", () => {
    fc.assert(
      fc.property(anyStamp, anyStamp, anyStamp, (a, b, c) => {
        expect(sign(compareStamps(a, b))).toBe(0 - sign(compareStamps(b, a)) + 0);
        expect(compareStamps(a, b) === 0).toBe(stampToText(a) === stampToText(b));
        if (compareStamps(a, b) <= 0 && compareStamps(b, c) <= 0) {
          expect(compareStamps(a, c)).toBeLessThanOrEqual(0);
        }
      }),
    );
  });

  test("sort as texts as they do as stamps, and read back", () => {
    fc.assert(
      fc.property(anyStamp, anyStamp, (a, b) => {
        const order = stampToText(a) < stampToText(b) ? -1 : stampToText(a) > stampToText(b) ? 1 : 0;
        expect(order).toBe(sign(compareStamps(a, b)));
        expect(textToStamp(stampToText(a))).toEqual({ ok: true, value: a });
      }),
    );
  });

  test("are taken above everything seen, however the clock goes, and never behind the clock", () => {
    fc.assert(
      fc.property(anyStamp, fc.array(fc.nat({ max: 2_000_000_000_000 })), anyOrigin, (seen, times, name) => {
        let last = seen;
        for (const nowMs of times) {
          const next = nextStamp(last, nowMs, name);
          expect(compareStamps(next, last)).toBeGreaterThan(0);
          expect(next.ms).toBeGreaterThanOrEqual(nowMs);
          last = next;
        }
      }),
    );
  });

  test("go on when one ms has used up its counter", () => {
    const full = { ms: 5, counter: 99_999, origin: origin("us-east-1#1") };
    expect(nextStamp(full, 5, full.origin)).toEqual({ ms: 6, counter: 0, origin: full.origin });
  });

  test("merge to the later one whatever its time: only the door refuses", () => {
    fc.assert(
      fc.property(anyStamp, anyStamp, fc.nat({ max: 2_000_000_000_000 }), (a, b, nowMs) => {
        const latest = latestStamp(a, b);
        expect(latest).toEqual(latestStamp(b, a));
        expect(compareStamps(latest, a)).toBeGreaterThanOrEqual(0);
        expect(compareStamps(latest, b)).toBeGreaterThanOrEqual(0);
        expect(admitStamp(a, nowMs, 1_000).ok).toBe(a.ms <= nowMs + 1_000);
      }),
    );
  });
});
