import { describe, expect, it } from "vitest";
import type { Fault } from "./fault.ts";
import { noFaults } from "./fault-state.ts";
import { createFaults } from "./faults.ts";
import { createSkewedClock } from "./skewed-clock.ts";

const regions = ["us-east-1", "eu-west-1", "ap-south-1", "ap-east-1"];
const us = "us-east-1";
const eu = "eu-west-1";

describe("faults", () => {
  it("say what they changed, and heal says what it healed and what stays down", () => {
    const faults = createFaults({ regions, otherPlaces: ["outside"] });
    expect(faults.apply({ type: "cut", from: us, to: eu })).toEqual({
      ok: true,
      said: ["now: us-east-1 ↔ eu-west-1: cut"],
    });
    expect(faults.apply({ type: "cut", from: us, to: eu })).toEqual({ ok: true, said: ["nothing changed"] });
    faults.apply({ type: "lag", from: us, to: eu, ms: 800, oneWay: true });
    faults.apply({ type: "loss", from: "ap-south-1", to: eu, share: 0.1 });
    faults.apply({ type: "fail", region: us, service: "dynamodb", operation: "PutItem", share: 0.5 });
    faults.apply({ type: "slow", region: us, service: "api", ms: 5000 });
    faults.apply({ type: "skew", region: eu, ms: -1500 });
    faults.apply({ type: "down", region: "ap-east-1" });
    expect(faults.apply({ type: "heal" })).toEqual({
      ok: true,
      said: [
        "no longer: us-east-1 → eu-west-1: cut, lag 800ms",
        "no longer: eu-west-1 → us-east-1: cut",
        "no longer: eu-west-1 ↔ ap-south-1: loss 10%",
        "no longer: us-east-1: 50% of dynamodb:PutItem calls fail",
        "no longer: us-east-1: each answer of the api takes 5s longer",
        "no longer: eu-west-1: clock 1.5s behind",
        "still down: ap-east-1 (up ap-east-1 starts it)",
      ],
    });
    faults.apply({ type: "up", region: "ap-east-1" });
    expect(faults.state()).toEqual(noFaults);
    expect(faults.apply({ type: "heal" })).toEqual({ ok: true, said: ["nothing to heal"] });
  });

  it("say of what is broken in another way how it is now", () => {
    const faults = createFaults({ regions, otherPlaces: ["outside"] });
    const said = (fault: Fault) => {
      const outcome = faults.apply(fault);
      return outcome.ok ? outcome.said : outcome.error;
    };
    const link = { from: eu, to: us };
    said({ type: "cut", ...link });
    expect(said({ type: "lag", ...link, ms: 60_000 })).toEqual(["now: us-east-1 ↔ eu-west-1: cut, lag 1m"]);
    expect(said({ type: "loss", ...link, share: 0.1, oneWay: true })).toEqual([
      "now: us-east-1 → eu-west-1: cut, lag 1m",
      "now: eu-west-1 → us-east-1: cut, lag 1m, loss 10%",
    ]);
    said({ type: "skew", region: us, ms: 2000 });
    expect(said({ type: "skew", region: us, ms: -5_400_000 })).toEqual(["now: us-east-1: clock 1.5h behind"]);
    said({ type: "slow", region: us, service: "api", ms: 5000 });
    expect(said({ type: "slow", region: us, service: "api", ms: 800 })).toEqual([
      "now: us-east-1: each answer of the api takes 800ms longer",
    ]);
    expect(said({ type: "slow", region: us, service: "api", ms: 0 })).toEqual([
      "no longer: us-east-1: each answer of the api takes 800ms longer",
    ]);
    said({ type: "fail", region: us, service: "s3", share: 0.5 });
    expect(said({ type: "fail", region: us, service: "s3", share: 1 })).toEqual([
      "now: us-east-1: 100% of s3 calls fail",
    ]);
    expect(said({ type: "fail", region: us, service: "s3", share: 0 })).toEqual([
      "no longer: us-east-1: 100% of s3 calls fail",
    ]);
  });

  it("name links and their ends in the order of the regions, the other places last", () => {
    const faults = createFaults({ regions, otherPlaces: ["outside", "payments"] });
    for (const [from, to] of [
      ["payments", "ap-east-1"],
      ["ap-east-1", "ap-south-1"],
      ["outside", us],
      ["ap-south-1", eu],
    ] as const)
      faults.apply({ type: "cut", from, to });
    faults.apply({ type: "cut", from: eu, to: us, oneWay: true });
    expect(faults.describe()).toEqual([
      "eu-west-1 → us-east-1: cut",
      "us-east-1 ↔ outside: cut",
      "eu-west-1 ↔ ap-south-1: cut",
      "ap-south-1 ↔ ap-east-1: cut",
      "ap-east-1 ↔ payments: cut",
    ]);
  });

  it("refuse a link that nothing crosses, and a pause of what does not replicate", () => {
    const faults = createFaults({ regions, otherPlaces: ["outside", "payments"] });
    expect(faults.apply({ type: "lag", from: "outside", to: "payments", ms: 5 })).toEqual({
      ok: false,
      error: "nothing crosses between outside and payments: one of the two must be a region",
    });
    for (const type of ["pause", "resume"] as const) {
      expect(faults.apply({ type, from: "payments", to: us })).toEqual({
        ok: false,
        error:
          "only regions replicate, and payments is none: choose from us-east-1, eu-west-1, ap-south-1, ap-east-1",
      });
    }
    expect(faults.apply({ type: "cut", from: "payments", to: us })).toMatchObject({ ok: true });
    expect(faults.apply({ type: "heal", from: us, to: "payments" })).toMatchObject({ ok: true });
  });

  it("heal one link and leave the others", () => {
    const faults = createFaults({ regions });
    faults.apply({ type: "cut", from: us, to: eu });
    faults.apply({ type: "pause", from: us, to: "ap-south-1" });
    faults.apply({ type: "heal", from: eu, to: us });
    expect(Object.keys(faults.state().links)).toEqual(["us-east-1>ap-south-1", "ap-south-1>us-east-1"]);
  });

  it("end at 0% and 0s", () => {
    const faults = createFaults({ regions });
    const failure = { type: "fail", region: us, service: "dynamodb", table: "Carts" } as const;
    faults.apply({ ...failure, share: 1 });
    faults.apply({ ...failure, share: 0.2 });
    expect(faults.state().failures).toEqual([
      { region: us, service: "dynamodb", table: "Carts", share: 0.2 },
    ]);
    faults.apply({ ...failure, share: 0 });
    faults.apply({ type: "skew", region: us, ms: 10 });
    faults.apply({ type: "skew", region: us, ms: 0 });
    faults.apply({ type: "loss", from: us, to: eu, share: 0.4 });
    faults.apply({ type: "loss", from: us, to: eu, share: 0 });
    expect(faults.state()).toEqual(noFaults);
  });

  it("of the payment provider are changed one by one, and end with 0, with ok and with heal", () => {
    const faults = createFaults({ regions, otherPlaces: ["outside", "payments"] });
    const pay = (set?: Extract<Fault, { type: "pay" }>["set"]) =>
      faults.apply({ type: "pay", ...(set && { set }) });
    expect(pay({ slowMs: 3000, failShare: 0.2 })).toEqual({
      ok: true,
      said: ["now: payments: each answer takes 3s", "now: payments: 20% of calls fail"],
    });
    pay({ declineAll: true, loseAnswerShare: 0.1, webhookDelayMs: 500, webhookTo: [eu], webhookTwice: true });
    expect(pay({ slowMs: 0, webhookTo: [] })).toEqual({
      ok: true,
      said: [
        "no longer: payments: each answer takes 3s",
        "no longer: payments: webhooks go to eu-west-1 alone",
      ],
    });
    expect(faults.state().payments).toEqual({
      failShare: 0.2,
      declineAll: true,
      loseAnswerShare: 0.1,
      webhookDelayMs: 500,
      webhookTwice: true,
    });
    faults.apply({ type: "cut", from: us, to: "payments" });
    expect(pay()).toEqual({
      ok: true,
      said: [
        "no longer: payments: every card is declined",
        "no longer: payments: 20% of calls fail",
        "no longer: payments: 10% of answers are lost",
        "no longer: payments: webhooks come 500ms late",
        "no longer: payments: each webhook comes twice",
      ],
    });
    pay({ webhookTo: [us, eu] });
    expect(faults.apply({ type: "heal" })).toEqual({
      ok: true,
      said: [
        "no longer: us-east-1 ↔ payments: cut",
        "no longer: payments: webhooks go to us-east-1, eu-west-1 alone",
      ],
    });
    expect(faults.state()).toEqual(noFaults);
    expect(pay({ webhookTo: ["mars"] })).toMatchObject({
      error: expect.stringContaining("unknown region"),
    });
  });

  it("refuse those of a payment provider that is not there", () => {
    const faults = createFaults({ regions, otherPlaces: ["outside"] });
    expect(faults.apply({ type: "pay", set: { declineAll: true } })).toEqual({
      ok: false,
      error: "this world has no payments: none of its functions takes any",
    });
    expect(faults.apply({ type: "cut", from: us, to: "payments" })).toMatchObject({ ok: false });
  });

  it("refuse places they do not know in one line, and change nothing", () => {
    const faults = createFaults({ regions, otherPlaces: ["outside"] });
    expect(faults.apply({ type: "down", region: "outside" })).toEqual({
      ok: false,
      error: 'unknown region "outside": choose from us-east-1, eu-west-1, ap-south-1, ap-east-1',
    });
    expect(faults.apply({ type: "cut", from: us, to: "mars" })).toMatchObject({ ok: false });
    expect(faults.apply({ type: "heal", from: us })).toMatchObject({ ok: false });
    expect(faults.apply({ type: "cut", from: us, to: us })).toMatchObject({ ok: false });
    expect(faults.state()).toEqual(noFaults);
  });

  it("tell watchers what is and what was, until they stop watching", () => {
    const faults = createFaults({ regions });
    const seen: string[][] = [];
    const stop = faults.watch((next, previous) => seen.push([...previous.down, "→", ...next.down]));
    faults.apply({ type: "down", region: us });
    stop();
    faults.apply({ type: "up", region: us });
    expect(seen).toEqual([["→", us]]);
  });
});

describe("skewed clock", () => {
  it("is the world's time plus the region's skew", () => {
    const faults = createFaults({ regions });
    const clock = createSkewedClock({ now: () => 10_000, state: faults.state });
    faults.apply({ type: "skew", region: us, ms: -2000 });
    expect([clock.now(us), clock.now(eu)]).toEqual([8000, 10_000]);
  });
});
