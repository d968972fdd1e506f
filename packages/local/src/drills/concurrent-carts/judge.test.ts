import type { VersionVector } from "@antipode/core";
import { describe, expect, it } from "vitest";
import type { Attempt, AttemptEnd } from "../attempt.ts";
import { originIn } from "../attempt.ts";
import type { CartChange, CartEnd, CartHistory, CartSight, Lines } from "./history.ts";
import { judgeCarts } from "./judge.ts";

const us = originIn("us-east-1");
const eu = originIn("eu-west-1");
const regions = ["us-east-1", "eu-west-1"];

const done = (origin: typeof us, sent: number, vector: VersionVector): Attempt => ({
  origin,
  sent,
  end: { type: "done", at: sent + 1, vector, covered: true },
});
const failed = (origin: typeof us, sent: number, end: AttemptEnd["type"] = "unknown"): Attempt => ({
  origin,
  sent,
  end:
    end === "refused"
      ? { type: "refused", at: sent + 1, problem: "cart-full" }
      : { type: "unknown", at: sent + 1, over: true },
});

const common = { name: "a change", cart: "cart" };
const add = (quantity: number, ...attempts: Attempt[]): CartChange => ({
  ...common,
  kind: "add",
  sku: "LAMP",
  quantity,
  attempts,
});
const remove = (token: VersionVector, ...attempts: Attempt[]): CartChange => ({
  ...common,
  kind: "remove",
  sku: "LAMP",
  quantity: 0,
  token,
  strict: true,
  attempts,
});

const everywhere = (lines: Lines, vector: VersionVector = { [us]: 9, [eu]: 9 }): CartEnd[] =>
  regions.map((region) => ({ cart: "cart", region, vector, lines }));

const judge = (history: Partial<CartHistory>) =>
  judgeCarts({ changes: [], sights: [], ends: everywhere({}), ...history });

describe("the judge of carts", () => {
  it("is content with what was acknowledged, and with either fate of what was not", () => {
    const changes = [add(2, done(us, 1, { [us]: 1 })), add(3, failed(eu, 3))];
    for (const units of [2, 5]) {
      expect(judge({ changes, ends: everywhere({ LAMP: units }) })).toEqual({
        lost: 0,
        doubled: 0,
        broken: [],
      });
    }
    expect(judge({ changes, ends: everywhere({ LAMP: 3 }) })).toMatchObject({ doubled: 1 });
  });

  it("finds a lost addition", () => {
    const changes = [add(2, done(us, 1, { [us]: 1 })), add(3, failed(us, 3), done(eu, 5, { [eu]: 1 }))];
    const verdict = judge({ changes, ends: everywhere({ LAMP: 2 }) });
    expect(verdict).toMatchObject({ lost: 3, doubled: 0 });
    expect(verdict.broken).toEqual(["cart: LAMP has 2 units at the end, where 5 can be"]);
  });

  it("finds a retry that counted twice, and units that nobody asked for", () => {
    const changes = [add(3, failed(us, 1), done(eu, 3, { [eu]: 1 }))];
    expect(judge({ changes, ends: everywhere({ LAMP: 6 }) })).toMatchObject({ lost: 0, doubled: 3 });
    expect(judge({ changes, ends: everywhere({ LAMP: 3, SOFA: 1 }) })).toMatchObject({ doubled: 1 });
  });

  it("lets a removal take what it can have seen and nothing else", () => {
    const before = add(2, done(us, 1, { [us]: 1 }));
    const unseen = add(1, done(eu, 3, { [eu]: 1 }));
    const removal = remove({ [us]: 1 }, done(us, 5, { [us]: 2 }));
    const changes = [before, unseen, removal];
    expect(judge({ changes, ends: everywhere({ LAMP: 1 }) }).broken).toEqual([]);
    expect(judge({ changes, ends: everywhere({}) })).toMatchObject({ lost: 1 });
    expect(judge({ changes, ends: everywhere({ LAMP: 3 }) })).toMatchObject({ doubled: 2 });
  });

  it("lets nothing come back that somebody was shown without", () => {
    const sight: CartSight = { cart: "cart", region: "eu-west-1", at: 9, vector: { [us]: 2 }, lines: {} };
    const weak = { ...remove({}, done(us, 5, { [us]: 2 })), strict: false } as CartChange;
    const changes = [add(2, done(us, 1, { [us]: 1 })), weak];
    expect(judge({ changes, sights: [sight], ends: everywhere({}) }).broken).toEqual([]);
    expect(judge({ changes, sights: [sight], ends: everywhere({ LAMP: 2 }) })).toMatchObject({ doubled: 2 });
  });

  it("takes the largest of concurrent sets", () => {
    const set = (quantity: number, attempt: Attempt): CartChange => ({
      ...common,
      kind: "set",
      sku: "LAMP",
      quantity,
      token: {},
      strict: false,
      attempts: [attempt],
    });
    const changes = [set(4, done(us, 1, { [us]: 1 })), set(7, done(eu, 1, { [eu]: 1 }))];
    expect(judge({ changes, ends: everywhere({ LAMP: 7 }) }).broken).toEqual([]);
    expect(judge({ changes, ends: everywhere({ LAMP: 4 }) })).toMatchObject({ lost: 3 });
    expect(judge({ changes, ends: everywhere({ LAMP: 11 }) })).toMatchObject({ doubled: 4 });
  });

  it("finds a region that differs, in lines or in tag", () => {
    const changes = [add(2, done(us, 1, { [us]: 1 }))];
    const [first, second] = everywhere({ LAMP: 2 }) as [CartEnd, CartEnd];
    for (const other of [
      { ...second, lines: { LAMP: 1 } },
      { ...second, vector: { [us]: 8, [eu]: 9 } },
    ]) {
      expect(judge({ changes, ends: [first, other] }).broken.join()).toContain("regions still differ");
    }
  });

  it("finds answers that say more than they hold", () => {
    const changes = [add(2, done(us, 1, { [us]: 1 }))];
    const ends = everywhere({ LAMP: 2 });
    const sight = (more: Partial<CartSight>): CartSight => ({
      cart: "cart",
      region: "eu-west-1",
      at: 5,
      vector: { [us]: 1 },
      lines: { LAMP: 2 },
      ...more,
    });
    const token: VersionVector = { [us]: 1, [eu]: 3 };
    const stale = `stale; missing="${eu}:3"`;
    expect(judge({ changes, ends, sights: [sight({ wish: { token, said: stale } })] }).broken).toEqual([]);
    for (const wrong of [
      sight({ wish: { token, said: "covered" } }),
      sight({ wish: { token, said: undefined } }),
      sight({ wish: { token: { [us]: 1 }, said: stale } }),
      sight({ lines: {} }),
      sight({ lines: { LAMP: 4 } }),
      sight({ at: 1, vector: {} }), // before anybody had sent it
    ]) {
      const { broken } = judge({ changes, ends, sights: [wrong] });
      expect(broken[0], JSON.stringify(wrong)).toMatch(/^cart: eu-west-1 (said|showed)/);
    }
    const two = [sight({ vector: {}, lines: {} }), sight({ vector: {}, lines: { LAMP: 2 } })];
    expect(judge({ changes, ends, sights: two }).broken.join()).toContain("shows another cart for 0");
  });

  it("finds a refusal that nothing deserved, and a guest's cart that could not be merged", () => {
    const guest = { ...common, kind: "merge", guest: "guest", attempts: [failed(us, 1)] } as const;
    expect(judge({ changes: [add(1, failed(us, 1, "refused"))] }).broken.join()).toContain("cart-full");
    expect(judge({ changes: [guest] }).broken.join()).toContain("could not be merged");
  });
});
