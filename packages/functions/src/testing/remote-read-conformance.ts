import type { RemoteRead, StoredItem } from "@antipode/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/** One adapter of the remote-read port that may ask `eu-west-1` and `ap-south-1`, of which the second is away. */
export interface RemoteReadWorld {
  readonly remote: RemoteRead;
  /** Puts an item into eu-west-1's table. */
  load(table: "Carts" | "Catalog", item: StoredItem): Promise<void>;
  close(): Promise<void>;
}

/** An answer of a region that is away must come while the shopper still waits. */
const unreachableMaxMs = 5_000;

/** What every adapter of the remote-read port does, the one in memory included. */
export function remoteReadConformance(name: string, open: () => Promise<RemoteReadWorld>): void {
  describe(`remote read port: ${name}`, () => {
    let world: RemoteReadWorld;
    beforeAll(async () => {
      world = await open();
    });
    afterAll(() => world.close());

    const items = ["a", "b"].map((sk) => ({ pk: "PRODUCT#elsewhere", sk, v: 1, x: new Set(["m"]) }));
    const [first] = items;
    const key = { pk: "PRODUCT#elsewhere", sk: "a" };
    const calls = (region: string) => [
      () => world.remote.get(region, "Catalog", key),
      () => world.remote.queryPartition(region, "Catalog", key.pk),
    ];

    test("an item and a partition are read in that region", async () => {
      for (const item of [...items].reverse()) {
        await world.load("Catalog", item);
      }
      expect(await world.remote.get("eu-west-1", "Catalog", key)).toEqual({ ok: true, value: first });
      expect(await world.remote.queryPartition("eu-west-1", "Catalog", key.pk)).toEqual({
        ok: true,
        value: items,
      });
    });

    test("what is not there is undefined, and its partition empty", async () => {
      const nowhere = { pk: "PRODUCT#nowhere", sk: "a" };
      expect(await world.remote.get("eu-west-1", "Catalog", nowhere)).toEqual({ ok: true, value: undefined });
      expect(await world.remote.get("eu-west-1", "Carts", key)).toEqual({ ok: true, value: undefined });
      expect(await world.remote.queryPartition("eu-west-1", "Catalog", nowhere.pk)).toEqual({
        ok: true,
        value: [],
      });
    });

    test("a region that is away is unavailable, in time, and named", async () => {
      const startedAt = performance.now();
      const outcomes = await Promise.all(calls("ap-south-1").map((call) => call()));
      expect(performance.now() - startedAt).toBeLessThan(unreachableMaxMs);
      for (const outcome of outcomes) {
        expect(outcome).toMatchObject({
          ok: false,
          error: { type: "unavailable", reason: expect.stringContaining("ap-south-1") },
        });
      }
    });

    test("a region that is no peer is unavailable", async () => {
      for (const call of [...calls("sa-east-1"), ...calls("constructor")]) {
        expect(await call()).toMatchObject({ ok: false, error: { type: "unavailable" } });
      }
    });
  });
}
