import { replicateAll, ulidAt } from "@antipode/core/testing";
import { describe, expect, test } from "vitest";
import {
  add,
  expectProblem,
  linesOf,
  mergeGuest,
  type Opened,
  openCart,
  read,
  removeLine,
  setQuantity,
} from "../testing/shopper.ts";
import { createTestApi, createTestApis, startMs, type TestApi } from "../testing/test-world.ts";

function shops(): { us: TestApi; eu: TestApi; ap: TestApi; all: readonly TestApi[] } {
  const all = createTestApis();
  const [us, eu, ap] = all;
  if (us === undefined || eu === undefined || ap === undefined) {
    throw new Error("no regions");
  }
  return { us, eu, ap, all };
}

const strict = { Prefer: "consistency=strict" };
const tokenOf = (response: Response) => ({ "Consistency-Token": response.headers.get("etag") ?? "" });
const replicate = (all: readonly TestApi[]) =>
  replicateAll(
    all.map(({ items }) => items),
    "Carts",
  );

describe("reading a cart with what was seen elsewhere", () => {
  test("reads only what is missing, where it was written", async () => {
    const { us, eu, all } = shops();
    const cart = await openCart(us);
    await add(us, cart);
    replicate(all);
    const second = await add(us, cart);
    const response = await read(eu, cart, tokenOf(second));
    expect(await linesOf(response)).toEqual([{ sku: "LAMP-BLACK", quantity: 2 }]);
    expect(response.headers.get("consistency")).toBe("covered");
    expect(response.headers.get("etag")).toBe('"us-east-1#1:2"');
    expect(eu.remote.reads).toEqual(["us-east-1 GetItem Carts"]);
  });

  test("asks nobody when it is here already, nor without a token", async () => {
    const { us, eu, all } = shops();
    const cart = await openCart(us);
    const added = await add(us, cart);
    const plain = await read(eu, cart, strict);
    expect(plain.headers.get("consistency")).toBeNull();
    expect(plain.headers.get("preference-applied")).toBeNull();
    expect(await linesOf(plain)).toEqual([]);
    replicate(all);
    expect((await read(eu, cart, tokenOf(added))).headers.get("consistency")).toBe("covered");
    expect(eu.remote.reads).toEqual([]);
  });

  test("says what is missing while the region that has it cannot be reached", async () => {
    const { us, eu, ap } = shops();
    const cart = await openCart(us);
    await add(us, cart);
    await add(ap, cart, { sku: "DESK" });
    eu.remote.setUnreachable("us-east-1");
    const headers = { "Consistency-Token": "us-east-1#1:1;ap-south-1#1:1" };
    const stale = await read(eu, cart, headers);
    expect(await linesOf(stale)).toEqual([{ sku: "DESK", quantity: 1 }]);
    expect(stale.headers.get("consistency")).toBe('stale; missing="us-east-1#1:1"');
    expect(stale.headers.get("etag")).toBe('"ap-south-1#1:1"');
    expect(eu.log.entries).toContainEqual(
      expect.objectContaining({ level: "warn", message: "not read in another region", peer: "us-east-1" }),
    );
    const refused = await read(eu, cart, { ...headers, ...strict });
    expect(await expectProblem(refused, 503, "not-covered")).toMatchObject({
      missing: { "us-east-1#1": 1 },
    });
    expect(refused.headers.get("retry-after")).toBe("1");
    expect(eu.measurements.recorded).toEqual([{ name: "RefusedForPeers", values: [1], dimensions: {} }]);
    expect(eu.log.entries.filter(({ level }) => level === "error")).toEqual([]);
    eu.remote.setUnreachable("us-east-1", false);
    const covered = await read(eu, cart, { ...headers, ...strict });
    expect(covered.headers.get("consistency")).toBe("covered");
    expect(covered.headers.get("preference-applied")).toBe("consistency=strict");
    expect(await linesOf(covered)).toHaveLength(2);
  });

  test("is 304 to a client that has just that, and HEAD says the same without a body", async () => {
    const { us, eu } = shops();
    const cart = await openCart(us);
    const added = await add(us, cart);
    const etag = added.headers.get("etag") ?? "";
    const same = await read(eu, cart, { ...tokenOf(added), "If-None-Match": etag });
    expect([same.status, same.headers.get("consistency")]).toEqual([304, "covered"]);
    const head = await eu.app.request(`/v1/carts/${cart.id}`, {
      method: "HEAD",
      headers: { Authorization: `Bearer ${cart.token}`, ...tokenOf(added) },
    });
    expect([head.status, head.headers.get("etag"), await head.text()]).toEqual([200, etag, ""]);
  });

  test.each([
    "us-east-1#1:9",
    "eu-west-1#1:9",
    "mx-central-1#1:1",
    "eu-west-1#7:1;eu-west-1#8:1;eu-west-1#9:1",
    `sa-east-1#1:${Number.MAX_SAFE_INTEGER}`,
  ])("that nobody wrote (%s) is missing", async (token) => {
    const { us } = shops();
    const cart = await openCart(us);
    await add(us, cart);
    const response = await read(us, cart, { "Consistency-Token": token });
    expect(response.headers.get("consistency")).toMatch(/^stale; missing="/);
    expect(await linesOf(response)).toHaveLength(1);
    expect(us.remote.reads.length).toBeLessThanOrEqual(1);
    await expectProblem(await read(us, cart, { "Consistency-Token": token, ...strict }), 503, "not-covered");
  });

  test.each(["", "1", "us-east-1:1", '"us-east-1#1:1', "us-east-1#1:1, us-east-1#1:2", "us-east-1#1:0", "*"])(
    "with the token %j is refused",
    async (token) => {
      const api = createTestApi();
      const response = await read(api, await openCart(api), { "Consistency-Token": token });
      await expectProblem(response, 400, "malformed-request");
      expect(api.items.operations).toEqual([]);
    },
  );

  test.each(["us-east-1#1:1", '"us-east-1#1:1"', 'W/"us-east-1#1:1"', " us-east-1#1:1 "])(
    "takes the token as %j",
    async (token) => {
      const { us, eu } = shops();
      const cart = await openCart(us);
      await add(us, cart);
      const response = await read(eu, cart, { "Consistency-Token": token });
      expect(response.headers.get("consistency")).toBe("covered");
    },
  );

  test.each([
    ['consistency="strict"', 503],
    ["respond-async, Consistency=strict; x=1", 503],
    ["consistency=eventual", 200],
    ["strict", 200],
    ["inconsistency=strict", 200],
    ['x="consistency=strict"', 200],
  ])("and Prefer: %s answers %i", async (prefer, status) => {
    const api = createTestApi();
    const headers = { "Consistency-Token": "eu-west-1#1:1", Prefer: prefer };
    expect((await read(api, await openCart(api), headers)).status).toBe(status);
  });
});

describe("changing a cart with what was seen elsewhere", () => {
  const changes: [
    string,
    (api: TestApi, cart: Opened, headers: Record<string, string>) => Promise<Response>,
  ][] = [
    ["setting", (api, cart, headers) => setQuantity(api, cart, "LAMP-BLACK", 3, { headers })],
    ["removing", (api, cart, headers) => removeLine(api, cart, "LAMP-BLACK", { headers })],
  ];

  test.each(changes)("%s takes what only another region had", async (what, send) => {
    const { us, eu, all } = shops();
    const cart = await openCart(us);
    const added = await add(us, cart, { quantity: 9 });
    const response = await send(eu, cart, tokenOf(added));
    const expected = what === "setting" ? [{ sku: "LAMP-BLACK", quantity: 3 }] : [];
    expect(await linesOf(response)).toEqual(expected);
    expect(response.headers.get("consistency")).toBe("covered");
    expect(response.headers.get("etag")).toBe('"eu-west-1#1:1;us-east-1#1:1"');
    replicate(all);
    expect(await linesOf(await read(us, cart))).toEqual(expected);
  });

  test.each(changes)(
    "%s without reach goes on with what is here, or not at all when strict",
    async (what, send) => {
      const { us, eu, all } = shops();
      const cart = await openCart(us);
      const added = await add(us, cart, { quantity: 9 });
      eu.remote.setUnreachable("us-east-1");
      await expectProblem(await send(eu, cart, { ...tokenOf(added), ...strict }), 503, "not-covered");
      expect(eu.items.dump("Carts")).toEqual([]);
      const stale = await send(eu, cart, tokenOf(added));
      expect(stale.headers.get("consistency")).toBe('stale; missing="us-east-1#1:1"');
      expect(await linesOf(stale)).toEqual(what === "setting" ? [{ sku: "LAMP-BLACK", quantity: 3 }] : []);
      replicate(all);
      expect(await linesOf(await read(us, cart))).toEqual([
        { sku: "LAMP-BLACK", quantity: what === "setting" ? 12 : 9 },
      ]);
    },
  );

  test("an add asks nobody: it needs nothing that was seen", async () => {
    const { us, eu } = shops();
    const cart = await openCart(us);
    await add(us, cart);
    await add(eu, cart, {}, ulidAt(startMs, 4_000));
    expect(eu.remote.reads).toEqual([]);
  });

  test("a merge takes all that the guest has seen, or nothing", async () => {
    const { us, eu } = shops();
    const [cart, guest] = [await openCart(us), await openCart(us)];
    const added = await add(us, guest, { quantity: 2 });
    const seen = added.headers.get("etag") ?? "";
    eu.remote.setUnreachable("us-east-1");
    const key = ulidAt(startMs, 4_001);
    const refused = await mergeGuest(eu, cart, { ...guest, seen }, { key });
    expect(await expectProblem(refused, 503, "not-covered")).toMatchObject({ missing: { "us-east-1#1": 1 } });
    expect(eu.items.dump("Carts")).toEqual([]);
    eu.remote.setUnreachable("us-east-1", false);
    const merged = await mergeGuest(eu, cart, { ...guest, seen }, { key });
    expect(await linesOf(merged)).toEqual([{ sku: "LAMP-BLACK", quantity: 2 }]);
    await expectProblem(await mergeGuest(eu, cart, { ...guest, seen: "?" }), 422, "invalid-body");
  });

  test("a merge says that it followed a preference where one was sent, not where it refuses what the guest has seen", async () => {
    const { us, eu } = shops();
    const [cart, guest] = [await openCart(us), await openCart(us)];
    const etag = (await add(us, cart)).headers.get("etag") ?? "";
    const headers = { "Consistency-Token": etag, ...strict };
    const saidOf = (answer: Response) =>
      ["consistency", "preference-applied"].map((name) => answer.headers.get(name));
    eu.remote.setUnreachable("us-east-1");
    const unseen = await mergeGuest(eu, cart, { ...guest, seen: "us-east-1#1:1" });
    expect(saidOf(unseen)).toEqual([null, null]);
    await expectProblem(unseen, 503, "not-covered");
    const unseenCart = await mergeGuest(eu, cart, guest, { headers });
    expect(saidOf(unseenCart)).toEqual([`stale; missing=${etag}`, "consistency=strict"]);
    await expectProblem(unseenCart, 503, "not-covered");
    eu.remote.setUnreachable("us-east-1", false);
    const merged = await mergeGuest(eu, cart, guest, { headers });
    expect(saidOf(merged)).toEqual(["covered", "consistency=strict"]);
  });
});
