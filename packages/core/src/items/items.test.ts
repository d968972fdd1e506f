import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { origin, ulidAt } from "../testing/arbitraries.ts";
import { createFakeItems } from "../testing/fake-items.ts";
import { fromAttributes, toAttribute, toAttributes } from "./attributes.ts";
import type { ItemValue } from "./item.ts";
import { parseKey } from "./keys.ts";
import { refuseForeign } from "./ownership.ts";
import type { GlobalTable } from "./tables.ts";

const us = origin("us-east-1#1");
const cart = `CART#crt_${ulidAt(1, 1)}_${ulidAt(1, 2)}`;
const orderId = `ord_${ulidAt(1, 1)}_${ulidAt(1, 2)}_3`;
const order = `ORDER#${orderId}`;
const delivery = ulidAt(1, 3);

describe("keys", () => {
  test.each<[GlobalTable, string, string, object]>([
    ["Catalog", "PRODUCT#desk-lamp", "EDIT#us-east-1#1", { entity: "desk-lamp", kind: "EDIT", writer: us }],
    ["Carts", cart, "R#us-east-1#1", { kind: "R", writer: us }],
    ["Stock", "SKU#LAMP", "CELL#us-east-1#1#0", { entity: "LAMP", kind: "CELL", writer: us, number: 0 }],
    ["Stock", `DELIVERY#${delivery}`, "AT#us-east-1#1", { entity: delivery, kind: "AT", writer: us }],
    ["Orders", order, "PLACED#us-east-1#1", { entity: orderId, kind: "PLACED", writer: us }],
    ["Orders", order, "WITNESS#us-east-1#1", { kind: "WITNESS", writer: us }],
    ["Orders", order, "ALLOC#us-east-1#1#2", { kind: "ALLOC", writer: us, number: 2 }],
    ["Orders", order, "EVENT#us-east-1#1#17", { kind: "EVENT", writer: us, number: 17 }],
    ["Control", "REGION#us-east-1#1", "HEARTBEAT", { entity: "us-east-1#1", kind: "HEARTBEAT", writer: us }],
    ["Control", "REGION#us-east-1#1", "ALARMS", { entity: "us-east-1#1", kind: "ALARMS", writer: us }],
    ["Control", "REGION#us-east-1#1", "SEEN", { entity: "us-east-1#1", kind: "SEEN", writer: us }],
    ["Control", "REGION#us-east-1#1", "FAILOVERS#eu-west-1#1", { kind: "FAILOVERS", writer: us }],
    ["Control", "REGION#us-east-1#1", "COMMANDS#3", { kind: "COMMANDS", writer: us, number: 3 }],
  ])("%s %s %s", (table, pk, sk, parsed) => {
    expect(parseKey(table, { pk, sk })).toMatchObject({ ok: true, value: parsed });
  });

  test.each<[GlobalTable, string, string]>([
    ["Catalog", "PRODUCT#desk-lamp", "VIEW"],
    ["Catalog", "PRODUCT#", "EDIT#us-east-1#1"],
    ["Catalog", "CART#1", "EDIT#us-east-1#1"],
    ["Carts", cart, "R#us-east-1"],
    ["Carts", cart, "R"],
    ["Stock", "SKU#LAMP", "CELL#us-east-1#1"],
    ["Stock", "SKU#LAMP", "CELL#us-east-1#1#01"],
    ["Stock", "SKU#LAMP", "AT#us-east-1#1"],
    ["Stock", "DELIVERY#d-1", "AT#us-east-1#1"],
    ["Orders", "ORDER#abc", "PLACED#us-east-1#1"],
    ["Orders", order, "EVENT#us-east-1#1#"],
    ["Orders", order, "constructor#us-east-1#1"],
    ["Control", "REGION#us-east-1#1", "HEARTBEAT#1"],
    ["Control", "REGION#us-east-1#1", "RECOVERIES#eu-west-1"],
    ["Control", "REGION#us-east-1", "VOTES"],
  ])("%s %s %s is no key of that table", (table, pk, sk) => {
    expect(parseKey(table, { pk, sk }).ok).toBe(false);
  });
});

describe("ownership", () => {
  test("own items may be written, others' and unknown ones not, regional ones freely", () => {
    const may = (table: Parameters<typeof refuseForeign>[1], pk: string, sk: string) =>
      refuseForeign("PutItem", table, { pk, sk }, us) === undefined;
    expect(may("Carts", cart, "R#us-east-1#1")).toBe(true);
    expect(may("Carts", cart, "R#us-east-1#2")).toBe(false);
    expect(may("Carts", cart, "R#eu-west-1#1")).toBe(false);
    expect(may("Carts", "anything", "R#us-east-1#1")).toBe(false);
    expect(may("Control", "REGION#eu-west-1#1", "VOTES")).toBe(false);
    expect(may("Control", "REGION#eu-west-1#1", "FAILOVERS#us-east-1#1")).toBe(false);
    expect(may("Control", "REGION#us-east-1#1", "FAILOVERS#eu-west-1#1")).toBe(true);
    expect(may("Views", "PRODUCT#desk-lamp", "VIEW")).toBe(true);
  });

  test("the fake refuses as adapters do, before anything is written", async () => {
    const items = createFakeItems(us);
    const outcome = await items.put("Carts", { pk: cart, sk: "R#eu-west-1#1", v: 1 }, []);
    expect(outcome).toMatchObject({ ok: false, error: { type: "foreign-item" } });
    expect(items.dump("Carts")).toEqual([]);
  });
});

const anyValue: fc.Arbitrary<ItemValue> = fc.letrec<{ value: ItemValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 3 }).map((members) => new Set(members)),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.string(), tie("value"), { maxKeys: 3, noNullPrototype: true }),
  ),
})).value;

describe("DynamoDB's form", () => {
  test("reads back whatever it is given", () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const item = { pk: "a", sk: "b", value };
        expect(fromAttributes(toAttributes(item))).toEqual({ ok: true, value: item });
      }),
    );
  });

  test("refuses anything else without throwing", () => {
    fc.assert(
      fc.property(fc.anything(), (image) => {
        const read = fromAttributes(image);
        expect(read.ok ? [typeof read.value.pk, typeof read.value.sk] : []).toEqual(
          read.ok ? ["string", "string"] : [],
        );
      }),
    );
  });

  test.each<[string, unknown]>([
    ["binary", { B: "AA==" }],
    ["a number set", { NS: ["1"] }],
    ["a number that is none", { N: "one" }],
    ["two types at once", { S: "a", N: "1" }],
    ["no type", {}],
    ["a set with numbers", { SS: [1] }],
    ["NULL false", { NULL: false }],
  ])("%s is refused, with its place", (_what, value) => {
    const read = fromAttributes({ pk: { S: "a" }, sk: { S: "b" }, a: { M: { b: { L: [value] } } } });
    expect(read.ok ? undefined : read.error.path).toBe("a.b[0]");
  });

  test("a fault's place is told from the item down, of an attribute itself too", () => {
    const placeIn = (image: object) => {
      const read = fromAttributes({ pk: { S: "a" }, sk: { S: "b" }, ...image });
      return read.ok ? undefined : read.error.path;
    };
    expect(placeIn({ a: { N: "one" } })).toBe("a");
    expect(placeIn({ a: { L: [{ S: "a" }, { M: { b: { B: "" } } }] } })).toBe("a[1].b");
    expect(placeIn({ sk: { N: "1" } })).toBe("sk");
    expect(placeIn({ pk: { BOOL: true } })).toBe("pk");
  });

  test("names that objects inherit are data, in the item and below", () => {
    const image = `{"pk":{"S":"a"},"sk":{"S":"b"},"__proto__":{"M":{"__proto__":{"N":"1"},"constructor":{"N":"2"}}}}`;
    const read = fromAttributes(JSON.parse(image));
    const item = read.ok ? read.value : undefined;
    expect(Object.keys(item ?? {})).toEqual(["pk", "sk", "__proto__"]);
    expect(Object.getPrototypeOf(item)).toBe(Object.prototype);
    expect(JSON.stringify(item)).toBe(`{"pk":"a","sk":"b","__proto__":{"__proto__":1,"constructor":2}}`);
    const keyless = fromAttributes(JSON.parse(`{"__proto__":{"M":{"pk":{"S":"a"},"sk":{"S":"b"}}}}`));
    expect(keyless.ok).toBe(false);
  });

  test("what cannot be stored is a bug", () => {
    expect(() => toAttribute(new Set<string>())).toThrow(/empty set/);
    expect(() => toAttribute(Number.NaN)).toThrow(/not a number/);
  });
});
