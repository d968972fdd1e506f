import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createFaults, faultsSchema } from "./faults.ts";
import { formFingerprint, readForm } from "./form.ts";
import { createIdempotencyKeys } from "./idempotency.ts";
import { createChance } from "./random.ts";

describe("a form", () => {
  it("has names in brackets, and lists", () => {
    expect(
      readForm("amount=5&metadata[order]=a%20b&metadata[x]=&expand[0]=p&expand[1]=q&created[gte]=7"),
    ).toEqual({
      amount: "5",
      metadata: { order: "a b", x: "" },
      expand: ["p", "q"],
      created: { gte: "7" },
    });
    expect(readForm("expand[]=p&expand[]=q")).toEqual({ expand: ["p", "q"] });
    expect(readForm("")).toEqual({});
    expect(readForm("[x]=1")).toBeUndefined();
  });

  it("has no names that reach anywhere else", () => {
    readForm("__proto__[order]=x&constructor[prototype][y]=z");
    expect(Object.hasOwn(Object.prototype, "order")).toBe(false);
    expect(Object.hasOwn(Object.prototype, "y")).toBe(false);
  });

  it("has one fingerprint, in whatever order its parameters come", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), fc.string()), { maxLength: 6 }), fc.nat(), (pairs, turn) => {
        const turned = [
          ...pairs.slice(turn % (pairs.length + 1)),
          ...pairs.slice(0, turn % (pairs.length + 1)),
        ];
        const text = (of: [string, string][]) => new URLSearchParams(of).toString();
        expect(formFingerprint(text(turned))).toBe(formFingerprint(text(pairs)));
        expect(formFingerprint(text([...pairs, ["one", "more"]]))).not.toBe(formFingerprint(text(pairs)));
      }),
    );
  });
});

describe("an idempotency key", () => {
  it("is in use, then answers, and is free again when nothing was executed or a day has passed", () => {
    let nowMs = 0;
    const keys = createIdempotencyKeys(() => nowMs);
    const answer = { status: 500, body: "{}" };
    expect(keys.take("k", "a")).toEqual({ type: "new" });
    expect(keys.take("k", "a")).toEqual({ type: "in-use" });
    expect(keys.take("k", "b")).toEqual({ type: "other-parameters" });
    keys.keep("k", answer);
    expect(keys.take("k", "a")).toEqual({ type: "replay", answer });
    expect(keys.take("k", "b")).toEqual({ type: "other-parameters" });
    keys.take("l", "a");
    keys.drop("l");
    expect(keys.take("l", "b")).toEqual({ type: "new" });
    nowMs = 24 * 60 * 60_000 - 1;
    expect(keys.take("k", "a")).toEqual({ type: "replay", answer });
    nowMs += 1; // a day after its first use
    expect(keys.take("k", "b")).toEqual({ type: "new" });
  });
});

describe("faults", () => {
  it("befall what they name, as often as they say, the same for a seed", () => {
    const drawn = (seed: number) => {
      const faults = createFaults(createChance(seed));
      faults.set([
        { type: "fail", effect: "none", share: 0.5 },
        { type: "slow", ms: 5, on: ["confirm"], times: 1 },
      ]);
      return Array.from({ length: 20 }, () => faults.ofRequest("confirm"));
    };
    expect(drawn(3)).toEqual(drawn(3));
    expect(drawn(3)).not.toEqual(drawn(4));
    expect(drawn(3).filter(({ slow }) => slow !== undefined)).toHaveLength(1);
    const failing = drawn(3).filter(({ fail }) => fail !== undefined).length;
    expect(failing).toBeGreaterThan(0);
    expect(failing).toBeLessThan(20);
  });

  it("are told in one form", () => {
    expect(faultsSchema.safeParse({ off: true }).data).toEqual({ faults: [] });
    expect(faultsSchema.safeParse({ faults: [{ type: "decline", share: 2 }] }).success).toBe(false);
    expect(faultsSchema.safeParse({ faults: [{ type: "explode" }] }).success).toBe(false);
    expect(
      faultsSchema.safeParse({ faults: [{ type: "webhook-elsewhere", to: ["eu-west-1"] }] }).success,
    ).toBe(true);
  });
});
