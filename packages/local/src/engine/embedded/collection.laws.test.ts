import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Item } from "../item-change.ts";
import { createCollection, type Position } from "./collection.ts";

const position: fc.Arbitrary<Position> = fc.record({
  partition: fc.constantFrom("p", "q", "pq"),
  sort: fc.constantFrom("", "a", "ab", "b"),
  tie: fc.constantFrom("", "1", "2"),
});

interface Change {
  readonly position: Position;
  readonly value: number | undefined;
}

const change: fc.Arbitrary<Change> = fc.record({ position, value: fc.option(fc.nat(9), { nil: undefined }) });

const itemOf = (value: number): Item => ({ v: { N: String(value) } });
const nameOf = ({ partition, sort, tie }: Position) => JSON.stringify([partition, sort, tie]);

describe("a collection", () => {
  it("holds what a map would, its partitions in token order and their entries in key order", () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
        const collection = createCollection();
        const model = new Map<string, Item>();
        for (const { position: at, value } of changes) {
          const before = model.get(nameOf(at));
          if (value === undefined) {
            expect(collection.delete(at)).toEqual(before);
            model.delete(nameOf(at));
          } else {
            expect(collection.put(at, itemOf(value))).toEqual(before);
            model.set(nameOf(at), itemOf(value));
          }
          expect(collection.get(at)).toEqual(model.get(nameOf(at)));
        }
        const partitions = collection.partitions();
        expect(partitions.map(({ token }) => token)).toEqual(partitions.map(({ token }) => token).sort());
        const entries = partitions.flatMap(({ name, entries: list }) => {
          expect(list.length).toBeGreaterThan(0);
          expect(collection.partition(name)?.entries).toBe(list);
          const order = list.map(({ sort, tie }) => `${sort}\0${tie}`);
          expect(order).toEqual([...order].sort());
          return list.map(({ sort, tie, item }): [string, Item] => [
            nameOf({ partition: name, sort, tie }),
            item,
          ]);
        });
        expect(new Map(entries)).toEqual(model);
      }),
    );
  });
});
