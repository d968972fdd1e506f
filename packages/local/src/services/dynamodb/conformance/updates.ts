import { describe, expect, it } from "vitest";
import { type Attributes, get, newKey, num, put, refusal, sorted, text, update } from "./calls.ts";
import { type ConformanceContext, home } from "./world.ts";

/** An item to start from, an update, and what of the item is different afterwards (undefined: gone). */
interface Example {
  readonly before?: Attributes;
  readonly expression: string;
  readonly values?: Attributes;
  readonly after: Record<string, Attributes[string] | undefined>;
}

const list = (...members: string[]) => ({ L: members.map(text) });

const examples: Readonly<Record<string, Example>> = {
  "SET an attribute": { expression: "SET a = :v", values: { ":v": num(1) }, after: { a: num(1) } },
  "SET from another attribute, all read before any is written": {
    before: { a: num(1), b: num(2) },
    expression: "SET a = b, b = a",
    after: { a: num(2), b: num(1) },
  },
  "SET inside maps and lists": {
    before: { m: { M: { x: { M: {} } } }, l: list("a", "b") },
    expression: "SET m.x.y = :v, l[1] = :v",
    values: { ":v": text("new") },
    after: { m: { M: { x: { M: { y: text("new") } } } }, l: list("a", "new") },
  },
  "SET past a list's end appends, in order of position": {
    before: { l: list("a") },
    expression: "SET l[9] = :nine, l[5] = :five",
    values: { ":nine": text("9"), ":five": text("5") },
    after: { l: list("a", "5", "9") },
  },
  "SET with + and −": {
    before: { n: num("0.1"), o: num(10) },
    expression: "SET n = n + :v, o = o - :v",
    values: { ":v": num("0.2") },
    after: { n: num("0.3"), o: num("9.8") },
  },
  "if_not_exists takes what is there": {
    before: { n: num(5) },
    expression: "SET n = if_not_exists(n, :z) + :one, o = if_not_exists(o, :z) + :one",
    values: { ":z": num(0), ":one": num(1) },
    after: { n: num(6), o: num(1) },
  },
  "list_append at either end": {
    before: { l: list("m") },
    expression: "SET l = list_append(l, :v), k = list_append(:v, if_not_exists(k, :none))",
    values: { ":v": list("z"), ":none": { L: [] } },
    after: { l: list("m", "z"), k: list("z") },
  },
  "ADD to numbers, present or not": {
    before: { n: num(1) },
    expression: "ADD n :v, o :v",
    values: { ":v": num(2) },
    after: { n: num(3), o: num(2) },
  },
  "ADD of a negative number": {
    before: { n: num(1) },
    expression: "ADD n :v, o :v",
    values: { ":v": num(-3) },
    after: { n: num(-2), o: num(-3) },
  },
  "ADD keeps 38 digits exact": {
    before: { n: num("99999999999999999999999999999999999998") },
    expression: "ADD n :v",
    values: { ":v": num(1) },
    after: { n: num("99999999999999999999999999999999999999") },
  },
  "ADD to a set that is not there": {
    expression: "ADD s :v",
    values: { ":v": { SS: ["a"] } },
    after: { s: { SS: ["a"] } },
  },
  "DELETE the last members of a set removes it": {
    before: { s: { SS: ["a", "b"] } },
    expression: "DELETE s :v",
    values: { ":v": { SS: ["b", "a", "c"] } },
    after: { s: undefined },
  },
  "DELETE from a set that is not there": {
    expression: "DELETE s :v",
    values: { ":v": { SS: ["a"] } },
    after: { s: undefined },
  },
  "REMOVE attributes, map members and list elements": {
    before: { a: num(1), m: { M: { x: num(1), y: num(2) } }, l: list("0", "1", "2", "3") },
    expression: "REMOVE a, m.x, l[0], l[2], nope, l[77]",
    after: { a: undefined, m: { M: { y: num(2) } }, l: list("1", "3") },
  },
  "SET and REMOVE in one list speak of the positions before": {
    before: { l: list("a", "b", "c") },
    expression: "SET l[0] = :v REMOVE l[1]",
    values: { ":v": text("A") },
    after: { l: list("A", "c") },
  },
  "all four clauses at once": {
    before: { n: num(1), s: { SS: ["a", "b"] }, gone: num(1) },
    expression: "SET a = :a ADD n :one REMOVE gone DELETE s :b",
    values: { ":a": text("a"), ":one": num(1), ":b": { SS: ["b"] } },
    after: { a: text("a"), n: num(2), gone: undefined, s: { SS: ["a"] } },
  },
};

const refusals: Readonly<Record<string, [expression: string, values?: Attributes]>> = {
  "a key attribute": ["SET sk = :v", { ":v": text("a") }],
  "removing a key attribute": ["REMOVE pk"],
  "ADD of a string": ["ADD n :v", { ":v": text("a") }],
  "ADD of a number to a string": ["ADD t :v", { ":v": num(1) }],
  "ADD of another kind of set": ["ADD s :v", { ":v": { NS: ["1"] } }],
  "DELETE of a number": ["DELETE n :v", { ":v": num(1) }],
  "DELETE from what is no set": ["DELETE n :v", { ":v": { SS: ["a"] } }],
  "+ of a string": ["SET n = t + :v", { ":v": num(1) }],
  "list_append of what is no list": ["SET l = list_append(n, :v)", { ":v": { L: [] } }],
  "an operand that is not there": ["SET n = nope"],
  "a path through what is not there": ["SET nope.x = :v", { ":v": num(1) }],
  "a path through a number": ["SET n.x = :v", { ":v": num(1) }],
  "a position in a map": ["SET m[0] = :v", { ":v": num(1) }],
  "two paths that overlap": ["SET m = :v, m.x = :v", { ":v": num(1) }],
  "the same path twice": ["SET n = :v, n = :v", { ":v": num(1) }],
  "a clause twice": ["SET a = :v SET b = :v", { ":v": num(1) }],
  "a reserved word": ["SET name = :v", { ":v": num(1) }],
  "a value that is not used": ["SET a = :v", { ":v": num(1), ":w": num(1) }],
  "a value that is not given": ["SET a = :v, b = :w", { ":v": num(1) }],
  "a name that is not given": ["SET #a = :v", { ":v": num(1) }],
  "an unknown function": ["SET a = sqrt(:v)", { ":v": num(1) }],
  "a broken expression": ["SET a == :v", { ":v": num(1) }],
  "an empty expression": [""],
  "an empty set": ["SET a = :v", { ":v": { SS: [] } }],
  "more than 38 digits": ["SET a = big + :v", { ":v": num("0.1") }],
  "an empty index key": ["SET #g = :v", { ":v": text("") }],
};

export function describeUpdates({ world, differences }: ConformanceContext): void {
  const client = () => world().tables(home);

  describe("updates", () => {
    it.each(Object.entries(examples))("%s", async (_, { before = {}, expression, values, after }) => {
      const key = newKey();
      await put(client(), "items", { ...key, ...before });
      const answer = await update(client(), key, expression, values);
      const expected = Object.entries({ ...key, ...before, ...after }).filter(
        ([, value]) => value !== undefined,
      );
      expect(answer).toEqual(Object.fromEntries(expected));
      expect(await get(client(), "items", key)).toEqual(Object.fromEntries(expected));
    });

    it("ADD and DELETE treat sets as sets", async () => {
      const key = newKey();
      await put(client(), "items", { ...key, s: { SS: ["a", "b"] }, n: { NS: ["1", "2"] } });
      const added = await update(client(), key, "ADD s :s, n :n", {
        ":s": { SS: ["b", "c"] },
        ":n": { NS: ["2.0", "3"] },
      });
      expect([sorted(added?.["s"]), sorted(added?.["n"])]).toEqual([
        ["a", "b", "c"],
        ["1", "2", "3"],
      ]);
      const reduced = await update(client(), key, "DELETE s :s, n :n", {
        ":s": { SS: ["a", "z"] },
        ":n": { NS: ["1.0"] },
      });
      expect([sorted(reduced?.["s"]), sorted(reduced?.["n"])]).toEqual([
        ["b", "c"],
        ["2", "3"],
      ]);
    });

    it.each(Object.entries(refusals))(
      "refuse %s and leave the item alone",
      async (_, [expression, values]) => {
        const item: Attributes = {
          ...newKey(),
          n: num(1),
          t: text("t"),
          s: { SS: ["a"] },
          m: { M: {} },
          big: num("99999999999999999999999999999999999999"),
        };
        const key = { pk: item["pk"] ?? text(""), sk: text("s") };
        await put(client(), "items", item);
        const names = expression.includes("#g") ? { ExpressionAttributeNames: { "#g": "group" } } : {};
        await refusal(update(client(), key, expression, values, names), "ValidationException");
        expect(await get(client(), "items", key)).toEqual(item);
      },
    );

    it("refuse names that are not used", async () => {
      const call = update(
        client(),
        newKey(),
        "SET a = :v",
        { ":v": num(1) },
        { ExpressionAttributeNames: { "#x": "x" } },
      );
      await refusal(call, "ValidationException");
    });

    it("create the item", async () => {
      const updates: [string | undefined, Attributes | undefined, Attributes][] = [
        ["SET a = :v", { ":v": num(1) }, { a: num(1) }],
        ["ADD a :v", { ":v": num(1) }, { a: num(1) }],
        ["REMOVE a", undefined, {}],
      ];
      for (const [expression, values, more] of updates) {
        const key = newKey();
        expect(await update(client(), key, expression ?? "", values)).toEqual({ ...key, ...more });
      }
    });

    it("may not make an item larger than 400 KB", async () => {
      const key = newKey();
      await put(client(), "items", { ...key, v: text("x".repeat(400_000)) });
      await refusal(
        update(client(), key, "SET w = :w", { ":w": text("y".repeat(10_000)) }),
        "ValidationException",
      );
    });

    it("return the values asked for", async () => {
      const key = newKey();
      await put(client(), "items", { ...key, a: num(1), b: num(2), m: { M: { x: num(1), y: num(2) } } });
      const returned = (ReturnValues: "NONE" | "ALL_OLD" | "UPDATED_OLD" | "UPDATED_NEW", value: number) =>
        update(
          client(),
          key,
          "SET a = :v, m.x = :v, #fresh = :v",
          { ":v": num(value) },
          {
            ReturnValues,
            ExpressionAttributeNames: { "#fresh": `fresh${value}` },
          },
        );
      const nested = (x: number) =>
        differences.updatedValues === "path" ? { M: { x: num(x) } } : { M: { x: num(x), y: num(2) } };
      expect(await returned("NONE", 3)).toBeUndefined();
      expect(await returned("ALL_OLD", 4)).toEqual({
        ...key,
        a: num(3),
        b: num(2),
        fresh3: num(3),
        m: { M: { x: num(3), y: num(2) } },
      });
      expect(await returned("UPDATED_OLD", 5)).toEqual({ a: num(4), m: nested(4) });
      expect(await returned("UPDATED_NEW", 6)).toEqual({ a: num(6), m: nested(6), fresh6: num(6) });
    });

    it("refuse an index key of a wrong type", async () => {
      const key = newKey();
      const call = update(
        client(),
        key,
        "SET #g = :v",
        { ":v": num(1) },
        { ExpressionAttributeNames: { "#g": "group" } },
      );
      if (differences.wrongIndexKeyByUpdate === "refused") await refusal(call, "ValidationException");
      else await call;
    });
  });
}
