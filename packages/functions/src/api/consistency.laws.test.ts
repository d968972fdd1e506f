import {
  cartKey,
  compareVectors,
  isCartId,
  mergeVectors,
  missingEntries,
  type Origin,
  originOf,
  type StoredItem,
  type VersionVector,
  vectorEntries,
} from "@antipode/core";
import { createFakeItems, createFakeRemoteRead, ulidAt } from "@antipode/core/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createRecordingLog, startMs, testDeployment } from "../testing/test-world.ts";
import { coverItems } from "./consistency.ts";

const deployment = testDeployment("us-east-1");
const cartText = `crt_${ulidAt(startMs, 1)}_${ulidAt(startMs, 2)}`;
if (!isCartId(cartText)) {
  throw new Error(cartText);
}
const cartId = cartText;
const keyOf = (origin: Origin) => cartKey(cartId, origin);

/** Lives of our four regions and of one that this deployment does not know. */
const names = [...deployment.regions.map(({ name }) => name), "sa-east-1"];
const anyOrigin = fc
  .record({ name: fc.constantFrom(...names), incarnation: fc.integer({ min: 1, max: 3 }) })
  .map(originOf);
const anyHolding = fc
  .array(fc.tuple(anyOrigin, fc.integer({ min: 1, max: 5 })), { maxLength: 8 })
  .map((entries): VersionVector => Object.fromEntries(entries));

const itemsOf = (held: VersionVector): StoredItem[] =>
  vectorEntries(held).map(([origin, v]) => ({ ...keyOf(origin), v }));
const heldBy = (items: readonly StoredItem[]): VersionVector =>
  items.reduce<VersionVector>(
    (vector, { sk, v }) => mergeVectors(vector, { [sk.slice(2)]: Number(v) } as VersionVector),
    {},
  );

const peers = deployment.regions.filter(({ name }) => name !== deployment.region);
const anyWorld = fc.record({
  local: anyHolding,
  wanted: anyHolding,
  heldByPeer: fc.tuple(anyHolding, anyHolding, anyHolding),
  cut: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
});

function start({ heldByPeer, cut }: { heldByPeer: readonly VersionVector[]; cut: readonly boolean[] }) {
  const stores = peers.map(({ name, origin }, index) => {
    const items = createFakeItems(origin);
    items.load("Carts", itemsOf(heldByPeer[index] ?? {}));
    return [name, items] as const;
  });
  const remote = createFakeRemoteRead(Object.fromEntries(stores));
  for (const [index, { name }] of peers.entries()) {
    remote.setUnreachable(name, cut[index] === true);
  }
  return { deployment, remote, log: createRecordingLog() };
}

test("what is covered and what is missing make up what was wanted, and nothing that was held goes back", async () => {
  await fc.assert(
    fc.asyncProperty(anyWorld, async (world) => {
      const deps = start(world);
      const local = itemsOf(world.local);
      const { items, missing } = await coverItems(deps, "Carts", keyOf, local, world.wanted);
      const held = heldBy(items);
      expect(missing).toEqual(missingEntries(held, world.wanted));
      expect(["equal", "after"]).toContain(compareVectors(held, world.local));
      expect(new Set(items.map(({ sk }) => sk)).size).toBe(items.length); // one version of each
      const known = new Set(
        [...local, ...world.heldByPeer.flatMap(itemsOf)].map((item) => `${item.sk} ${item["v"]}`),
      );
      expect(items.every((item) => known.has(`${item.sk} ${item["v"]}`))).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test("what a region in reach holds of its present life is not missing", async () => {
  await fc.assert(
    fc.asyncProperty(anyWorld, async (world) => {
      const { missing } = await coverItems(start(world), "Carts", keyOf, itemsOf(world.local), world.wanted);
      for (const [index, { origin }] of peers.entries()) {
        const has = world.heldByPeer[index]?.[origin] ?? 0;
        if (world.cut[index] === false && has >= (world.wanted[origin] ?? 0)) {
          expect(missing[origin]).toBeUndefined();
        }
      }
    }),
    { numRuns: 2_000 },
  );
});

test("a token, forged or not, causes one read a peer at most, none at home, and none for what is here", async () => {
  let most = 0;
  await fc.assert(
    fc.asyncProperty(anyWorld, async (world) => {
      const deps = start(world);
      await coverItems(deps, "Carts", keyOf, itemsOf(world.local), world.wanted);
      const asked = deps.remote.reads.map((read) => read.split(" ")[0] ?? "");
      expect(new Set(asked).size).toBe(asked.length);
      expect(peers.map(({ name }) => name)).toEqual(expect.arrayContaining(asked));
      const missing = vectorEntries(missingEntries(world.local, world.wanted)).map(([origin]) => origin);
      expect(asked.every((region) => missing.some((origin) => origin.startsWith(`${region}#`)))).toBe(true);
      most = Math.max(most, asked.length);
    }),
    { numRuns: 2_000 },
  );
  expect(most).toBe(peers.length); // or the bound was never tried
});
