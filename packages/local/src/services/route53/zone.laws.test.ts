import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RecordSet, Zone } from "./record-set.ts";
import { alias, failover, geo, latency, values, weighted, zoneWith } from "./testing/record-sets.ts";
import { applyChanges, type Change } from "./zone.ts";

const names = ["a.shop.test", "b.shop.test", "c.shop.test"] as const;
const routing = fc.constantFrom(
  { policy: "simple" } as const,
  latency("us-east-1"),
  latency("eu-west-1"),
  failover("PRIMARY"),
  failover("SECONDARY"),
  geo("EU"),
  geo("*"),
  weighted("a", 1),
  weighted("b", 0),
);
const recordSet: fc.Arbitrary<RecordSet> = fc.oneof(
  fc
    .tuple(fc.constantFrom(...names), fc.constantFrom("192.0.2.1", "192.0.2.2", "no address"), routing)
    .map(([name, value, policy]) => values(name, value, { routing: policy, check: "c" })),
  fc
    .tuple(fc.constantFrom(...names), fc.constantFrom(...names), routing)
    .map(([name, target, policy]) => alias(name, target, { routing: policy })),
  fc.constantFrom(...names).map((name) => values(name, "b.test", { type: "CNAME" })),
);
const change: fc.Arbitrary<Change> = fc.record({
  action: fc.constantFrom("CREATE", "UPSERT", "DELETE"),
  recordSet,
});
const batches = fc.array(fc.array(change, { minLength: 1, maxLength: 4 }), { maxLength: 12 });

const apply = (zone: Zone, changes: readonly Change[]) => applyChanges(zone, changes, () => false);

/** What a zone may never hold, said anew rather than by the code that refuses it. */
function expectSound(zone: Zone): void {
  const groups = Map.groupBy(zone.recordSets, (set) => `${set.name} ${set.type}`);
  for (const group of groups.values()) {
    expect(new Set(group.map(({ routing }) => routing.policy)).size, "one policy for a name and type").toBe(
      1,
    );
    const places = group.map(({ routing }) => {
      if (routing.policy === "latency") return routing.region;
      if (routing.policy === "failover") return routing.role;
      if (routing.policy === "geolocation") return JSON.stringify(routing.location);
      return routing.policy === "simple" ? "" : routing.setIdentifier;
    });
    expect(new Set(places).size, "one set for a place").toBe(places.length);
  }
  for (const sets of Map.groupBy(zone.recordSets, (set) => set.name).values()) {
    const types = new Set(sets.map((set) => set.type));
    if (types.has("CNAME")) expect(types.size, "a CNAME alone at its name").toBe(1);
  }
  expect(
    zone.recordSets.some(({ content }) => content.type === "values" && content.values.includes("no address")),
  ).toBe(false);
}

describe("batches of changes", () => {
  it("leave a zone that Route 53 could hold, whatever comes", () => {
    let taken = 0;
    fc.assert(
      fc.property(batches, (drawn) => {
        let zone = zoneWith();
        for (const changes of drawn) {
          const result = apply(zone, changes);
          if (!result.ok) continue;
          taken += 1;
          zone = result.value;
          expectSound(zone);
        }
      }),
      { numRuns: 500 },
    );
    expect(taken, "the draws would prove nothing if all were refused").toBeGreaterThan(200);
  });

  it("are done as a whole or not at all", () => {
    let refused = 0;
    fc.assert(
      fc.property(
        fc.array(change, { maxLength: 6 }),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        (first, batch) => {
          const zone = first.reduce((held, one) => {
            const result = apply(held, [one]);
            return result.ok ? result.value : held;
          }, zoneWith());
          const before = structuredClone(zone);
          const result = apply(zone, batch);
          expect(zone, "the zone that was given stays as it was").toEqual(before);
          if (!result.ok) {
            refused += 1;
            expect(result.error.messages.length).toBeGreaterThan(0);
            return;
          }
          for (const { action, recordSet } of batch) {
            const isThere = result.value.recordSets.some(
              (set) => JSON.stringify(set) === JSON.stringify(recordSet),
            );
            const isReplaced = batch.some(
              (other) => other.action !== "DELETE" && other.recordSet.name === recordSet.name,
            );
            if (action !== "DELETE") expect(isThere, "what was written is there").toBe(true);
            else if (!isReplaced) expect(isThere, "what was deleted is gone").toBe(false);
          }
        },
      ),
      { numRuns: 500 },
    );
    expect(refused, "the draws would prove nothing if none were refused").toBeGreaterThan(50);
  });

  it("are undone by their opposites", () => {
    fc.assert(
      fc.property(recordSet, (set) => {
        const made = apply(zoneWith(), [{ action: "CREATE", recordSet: set }]);
        fc.pre(made.ok);
        const undone = apply(made.value, [{ action: "DELETE", recordSet: set }]);
        const unchanged = apply(zoneWith(), []);
        expect(undone).toEqual(unchanged);
      }),
    );
  });
});
