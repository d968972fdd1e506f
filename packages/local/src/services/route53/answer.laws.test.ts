import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answerQuestion } from "./answer.ts";
import type { ClientLocation } from "./client.ts";
import type { RecordSet, Routing } from "./record-set.ts";
import { alias, dnsName, failover, geo, latency, values, weighted, zoneWith } from "./testing/record-sets.ts";

const regions = ["us-east-1", "eu-west-1", "ap-south-1", "ap-east-1"] as const;
const continents = ["NA", "EU", "AS"] as const;

const client: fc.Arbitrary<ClientLocation> = fc.record({
  continent: fc.constantFrom(...continents, "SA"),
  latencyMsByRegion: fc
    .array(fc.integer({ min: 1, max: 300 }), { minLength: 4, maxLength: 4 })
    .map((ms) => Object.fromEntries(regions.map((region, index) => [region, ms[index] ?? 0]))),
});

/** A name of its own for each set, so that an answer tells which set it is from. */
const ownName = (routing: Routing) =>
  ("setIdentifier" in routing ? routing.setIdentifier : "simple").toLowerCase();

/** Sets that answer directly, or by an alias to a name that is checked. */
function toSets(routings: readonly Routing[], byAlias: readonly boolean[]): readonly RecordSet[] {
  return routings.flatMap((routing, index) => {
    const name = ownName(routing).replace("*", "all");
    const text = [`"${name}"`];
    if (byAlias[index] !== true)
      return [values("api.shop.test", text, { type: "TXT", routing, check: name })];
    return [
      values(`${name}.shop.test`, text, { type: "TXT", check: name }),
      alias("api.shop.test", `${name}.shop.test`, { type: "TXT", routing }),
    ];
  });
}

const group: fc.Arbitrary<readonly Routing[]> = fc.oneof(
  fc.subarray([...regions], { minLength: 1 }).map((some) => some.map(latency)),
  fc.constant([failover("PRIMARY"), failover("SECONDARY")]),
  fc.subarray([...continents, "*"], { minLength: 1 }).map((some) => some.map(geo)),
  fc
    .array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 5 })
    .map((weights) => weights.map((weight, index) => weighted(`w${index}`, weight))),
);
const drawn = fc.record({
  routings: group,
  byAlias: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
  client,
  chance: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  healthy: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
});
type Drawn = typeof drawn extends fc.Arbitrary<infer T> ? T : never;

const nameOf = (routing: Routing) => ownName(routing).replace("*", "all");
/** Whether this set may answer this client at all. */
const applies =
  ({ client }: Drawn) =>
  (routing: Routing) =>
    routing.policy !== "geolocation" ||
    routing.location.type === "default" ||
    (routing.location.type === "continent" && routing.location.code === client.continent);

function ask(draw: Drawn, sets = toSets(draw.routings, draw.byAlias)) {
  const isWell = new Map(
    draw.routings.map((routing, index) => [nameOf(routing), draw.healthy[index] === true]),
  );
  return answerQuestion(
    {
      zones: [zoneWith(...sets)],
      isCheckHealthy: (id) => isWell.get(id) === true,
      foreignValues: () => undefined,
    },
    { name: dnsName("api.shop.test"), type: "TXT", client: draw.client, chance: draw.chance },
  );
}

function answered(draw: Drawn): Routing | undefined {
  const text = ask(draw).records[0]?.value.replaceAll('"', "");
  return draw.routings.find((routing) => nameOf(routing) === text);
}

const wellOf = (draw: Drawn) =>
  draw.routings.filter((routing, index) => draw.healthy[index] === true && applies(draw)(routing));

describe("an answer", () => {
  it("is never from an unhealthy set while a healthy one could answer", () => {
    fc.assert(
      fc.property(drawn, (draw) => {
        const well = wellOf(draw);
        fc.pre(well.length > 0);
        expect(well).toContain(answered(draw));
      }),
      { numRuns: 500 },
    );
  });

  it("with all sets unhealthy is as with all healthy", () => {
    fc.assert(
      fc.property(drawn, (draw) => {
        const none = { ...draw, healthy: draw.healthy.map(() => false) };
        const all = { ...draw, healthy: draw.healthy.map(() => true) };
        expect(ask(none)).toEqual(ask(all));
      }),
    );
  });

  it("by latency is the nearest healthy set", () => {
    fc.assert(
      fc.property(drawn, (draw) => {
        const well = wellOf(draw).filter((routing) => routing.policy === "latency");
        fc.pre(well.length > 0);
        const msTo = (routing: Routing | undefined) =>
          routing?.policy === "latency" ? (draw.client.latencyMsByRegion[routing.region] ?? 0) : Number.NaN;
        expect(msTo(answered(draw))).toBe(Math.min(...well.map(msTo)));
      }),
      { numRuns: 500 },
    );
  });

  it("of a healthy set with a weight is never one without", () => {
    fc.assert(
      fc.property(drawn, (draw) => {
        const isHeavy = (routing: Routing | undefined) =>
          routing?.policy === "weighted" && routing.weight > 0;
        fc.pre(wellOf(draw).some(isHeavy));
        expect(isHeavy(answered(draw))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("is the same each time, in whatever order the zone holds its sets", () => {
    const shuffled = drawn.chain((draw) =>
      fc.tuple(
        fc.constant(draw),
        fc.shuffledSubarray([...toSets(draw.routings, draw.byAlias)], {
          minLength: toSets(draw.routings, draw.byAlias).length,
        }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([draw, sets]) => {
        const { zone: _, ...first } = ask(draw);
        const { zone: __, ...second } = ask(draw, sets);
        expect(second).toEqual(first);
      }),
    );
  });

  it("depends on the client only where it says so", () => {
    fc.assert(
      fc.property(drawn, client, (draw, other) => {
        const here = ask(draw);
        const there = ask({ ...draw, client: other });
        if (!here.dependsOnClient) expect(there.records).toEqual(here.records);
      }),
    );
  });
});
