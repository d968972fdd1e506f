import { expect, test } from "vitest";
import { operationId, origin, ulidAt } from "../testing/arbitraries.ts";
import { productId } from "../testing/product-world.ts";
import { conflictToItem } from "./conflict-item.ts";
import { conflictId, type FieldConflict, type Sibling } from "./conflicts.ts";

const madeMs = 1_760_000_000_000;

function sibling(region: string, value: string, counter = 1): Sibling {
  const at = origin(`${region}#1`);
  return {
    value,
    origin: at,
    stamp: { ms: madeMs, counter: 0, origin: at },
    clock: { [at]: counter },
    operationId: operationId(ulidAt(madeMs, 1)),
  };
}

const siblings = [sibling("us-east-1", "Lamp"), sibling("eu-west-1", "Lampe")] as const;
const conflict: FieldConflict = {
  id: conflictId("title", siblings),
  field: "title",
  siblings,
  served: siblings[0],
};

test("a conflict's id names its field and every edit in it, in whatever order they stand", () => {
  const three = [...siblings, sibling("ap-south-1", "Diya", 3)];
  const id = "title@ap-south-1#1:3;eu-west-1#1:1;us-east-1#1:1";
  expect(conflictId("title", three)).toBe(id);
  expect(conflictId("title", [...three].reverse())).toBe(id);
  expect(conflictId("title", siblings)).toBe("title@eu-west-1#1:1;us-east-1#1:1");
});

test.each([
  [madeMs, "2025-11-08T08:53:20.000Z"],
  [madeMs + 1, "2025-11-08T08:53:21.000Z"],
])("an entry of the feed that was first seen at %i ms is kept for 30 days", (seenAtMs, end) => {
  const { seenAt, expiresAt } = conflictToItem(productId("desk-lamp"), conflict, seenAtMs);
  expect(seenAt).toBe(seenAtMs);
  expect(new Date(Number(expiresAt) * 1_000).toISOString()).toBe(end);
});
