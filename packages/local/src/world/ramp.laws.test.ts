/** Who is led where by the committed graphs' records and checks, whatever the checkers think of each endpoint. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planWorld } from "../provision/plan.ts";
import { answerQuestion } from "../services/route53/answer.ts";
import { parseDnsName } from "../services/route53/dns-name.ts";
import { isCheckHealthy } from "../services/route53/health-check.ts";
import type { HealthCheckId } from "../services/route53/record-set.ts";
import { committedGraphs, worldRegions } from "../testing/start-world.ts";
import { clientNear } from "./client-places.ts";
import { createForeignValues, regionAt } from "./region-addresses.ts";

const plan = planWorld(committedGraphs(), {
  SessionKeys: "[]",
  PaymentKey: "sk",
  PaymentWebhookSecret: "whsec",
});
const checks = new Map(plan.healthChecks.map(({ id, check }) => [id, check]));
const idByName = new Map(plan.healthChecks.map(({ name, id }) => [name, id]));
const endpoints = plan.healthChecks.filter(({ check }) => check.type !== "CALCULATED");
const foreignValues = createForeignValues(plan.regions, plan.aliasTargets);

/** By the name of a check: whether its endpoint answers. A check that turns this round says the opposite. */
type Answers = ReadonlyMap<string, boolean>;

const calm = new Map(endpoints.map(({ name }) => [name, !name.startsWith("Keeps-")]));

function worldOf(answers: Answers) {
  const healthyById = new Map(endpoints.map(({ id, name }) => [id, answers.get(name) === true]));
  const view = {
    checks,
    checkersOf: (id: HealthCheckId) => [{ healthy: healthyById.get(id) === true, against: 0 }],
  };
  const isCheck = (id: HealthCheckId) => isCheckHealthy(view, id);
  const isHealthy = (name: string) => {
    const id = idByName.get(name);
    if (id === undefined) throw new Error(`no check ${name}`);
    return isCheck(id);
  };
  const knowledge = { zones: plan.zones, isCheckHealthy: isCheck, foreignValues };
  return {
    isOpen: (region: string) => isHealthy(`Open-${region}`),
    isWhole: (region: string) => isHealthy(`Whole-${region}`),
    ask(label: string, near: string, chance: number) {
      const name = parseDnsName(`${label}.antipode.example`);
      if (!name.ok) throw new Error(`no name: ${label}`);
      const client = clientNear(plan.regions, near);
      const { status, records } = answerQuestion(knowledge, { name: name.value, type: "A", client, chance });
      const moving = records.find(({ type }) => type === "CNAME");
      return { status, ttl: moving?.ttlSeconds, region: regionAt(plan.regions, records.at(-1)?.value ?? "") };
    },
  };
}

/** Regions in the order in which a client near one of them would be led to them. */
function byDistance(near: string): readonly string[] {
  const { latencyMsByRegion } = clientNear(plan.regions, near);
  return [...worldRegions].sort((a, b) => (latencyMsByRegion[a] ?? 0) - (latencyMsByRegion[b] ?? 0));
}

const anyAnswers: fc.Arbitrary<Answers> = fc
  .tuple(...endpoints.map(({ name }) => fc.boolean().map((answers) => [name, answers] as const)))
  .map((all) => new Map(all));
const states = ["closed", "share", "whole"] as const;
const anyStates = fc.tuple(...worldRegions.map(() => fc.constantFrom(...states)));
const anyChance = fc.double({ min: 0, max: 0.999, noNaN: true });
const anyRegion = fc.constantFrom(...worldRegions);

/** A region's own answers stand there as often as there are votes. */
const copies = [1, 2, 3];

function answersOf(state: readonly (typeof states)[number][]): Answers {
  return new Map([
    ...calm,
    ...worldRegions.flatMap((region, at) => [
      ...copies.flatMap((copy) => [
        [`Answers-${region}-${copy}`, state[at] !== "closed"] as const,
        [`Ramped-${region}-${copy}`, state[at] === "whole"] as const,
        [`LongRamped-${region}-${copy}`, state[at] === "whole"] as const,
      ]),
    ]),
  ]);
}

describe("api, whatever the checkers think, and however they disagree", () => {
  it("is answered, for ten seconds, and never with a closed region while one is open", () => {
    const seen = { noneOpen: 0, share: 0 };
    fc.assert(
      fc.property(anyAnswers, anyRegion, anyChance, (answers, near, chance) => {
        const world = worldOf(answers);
        const open = worldRegions.filter(world.isOpen);
        const { status, ttl, region } = world.ask("api", near, chance);
        expect([status, ttl]).toEqual(["found", 10]);
        expect(worldRegions).toContain(region);
        expect(open.length === 0 || open.includes(region ?? "")).toBe(true);
        seen.noneOpen += open.length === 0 ? 1 : 0;
        seen.share += open.some((one) => !world.isWhole(one)) ? 1 : 0;
      }),
      { numRuns: 1_000, seed: 24 },
    );
    expect(Math.min(seen.noneOpen, seen.share)).toBeGreaterThan(20);
  });

  it("leads all to no region that is not open", () => {
    fc.assert(
      fc.property(anyAnswers, anyRegion, (answers, region) => {
        const world = worldOf(answers);
        expect(world.isOpen(region) || !world.isWhole(region)).toBe(true);
      }),
      { seed: 24 },
    );
  });
});

describe("api, in each state of the regions", () => {
  it("leads one answer in four to the nearest open region, the others to the nearest whole one, if any is", () => {
    fc.assert(
      fc.property(anyStates, anyRegion, (state, near) => {
        const world = worldOf(answersOf(state));
        const nearest = (wanted: readonly string[]) => byDistance(near).find((one) => wanted.includes(one));
        const open = nearest(worldRegions.filter((_, at) => state[at] !== "closed"));
        const whole = nearest(worldRegions.filter((_, at) => state[at] === "whole")) ?? open;
        const count = 400;
        const led = Array.from({ length: count }, (_, at) => world.ask("api", near, at / count).region);
        const first = open ?? near; // as if all were
        const rest = whole ?? near;
        expect(led.filter((one) => one === first)).toHaveLength(rest === first ? count : count / 4);
        expect(led.filter((one) => one === rest)).toHaveLength(rest === first ? count : (count * 3) / 4);
      }),
      { numRuns: 150, seed: 24 },
    );
  });

  it.each(["alt", "failover", "eu-only"])("%s takes no notice of a share", (label) => {
    fc.assert(
      fc.property(anyStates, anyRegion, anyChance, (state, near, chance) => {
        const whole = state.map((one) => (one === "share" ? "whole" : one));
        expect(worldOf(answersOf(state)).ask(label, near, chance)).toEqual(
          worldOf(answersOf(whole)).ask(label, near, chance),
        );
      }),
      { seed: 24 },
    );
  });
});
