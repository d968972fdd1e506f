import { monotonicFactory } from "ulid";
import { afterAll, beforeAll, expect, it } from "vitest";
import * as z from "zod";
import { startWorld, type TestWorld } from "../testing/start-world.ts";

const [us, eu] = ["us-east-1", "eu-west-1"];
const cartSchema = z.object({ lines: z.array(z.object({ sku: z.string(), quantity: z.number() })) });
const createdSchema = z.object({ id: z.string(), session: z.object({ token: z.string() }) });
const newKey = monotonicFactory();

let world: TestWorld;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

interface Call {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A client of one cart that goes to any region. */
async function openCart() {
  const created = await fetch(`${world.api(us)}/v1/carts`, { method: "POST" });
  const { id, session } = createdSchema.parse(await created.json());
  return (region: string, path: string, { method = "GET", body, headers = {} }: Call = {}) =>
    fetch(`${world.api(region)}/v1/carts/${id}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${session.token}`,
        "idempotency-key": newKey(),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
}

async function linesOf(response: Response) {
  expect(response.status).toBe(200);
  return cartSchema.parse(await response.json()).lines;
}

it("a region that replication has not reached reads what a client has seen where it was written", async () => {
  world.apply({ type: "pause", from: us, to: eu });
  const call = await openCart();
  const added = await call(us, "/lines", { method: "POST", body: { sku: "LAMP", quantity: 4 } });
  expect(await linesOf(added)).toEqual([{ sku: "LAMP", quantity: 4 }]);
  const seen = { "consistency-token": added.headers.get("etag") ?? "" };

  expect(await linesOf(await call(eu, ""))).toEqual([]);
  const covered = await call(eu, "", { headers: seen });
  expect(covered.headers.get("consistency")).toBe("covered");
  expect(await linesOf(covered)).toEqual([{ sku: "LAMP", quantity: 4 }]);

  const set = await call(eu, "/lines/LAMP", { method: "PUT", body: { quantity: 1 }, headers: seen });
  expect(await linesOf(set)).toEqual([{ sku: "LAMP", quantity: 1 }]);

  world.apply({ type: "cut", from: us, to: eu });
  const more = await call(us, "/lines", { method: "POST", body: { sku: "DESK", quantity: 1 } });
  const seenMore = { "consistency-token": more.headers.get("etag") ?? "" };
  const stale = await call(eu, "", { headers: seenMore });
  expect(stale.headers.get("consistency")).toBe(`stale; missing="${us}#1:2"`);
  const strict = await call(eu, "/lines/LAMP", {
    method: "DELETE",
    headers: { ...seenMore, prefer: "consistency=strict" },
  });
  expect([strict.status, await strict.json()]).toMatchObject([503, { missing: { [`${us}#1`]: 2 } }]);

  world.apply({ type: "heal" });
  await world.settled();
  const lines = [
    { sku: "DESK", quantity: 1 },
    { sku: "LAMP", quantity: 1 },
  ];
  for (const region of [us, eu]) expect(await linesOf(await call(region, ""))).toEqual(lines);
  expect(world.warnings).toEqual([]);
});

it("the world's operators' tokens are good in every region, for accounts' sessions", async () => {
  const signed = world.adminToken({ name: "alice", hours: 1 });
  const shopper = newKey();
  for (const region of world.plan.regions) {
    const response = await fetch(`${world.api(region)}/v1/sessions`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${signed.ok ? signed.value : ""}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({ shopper }),
    });
    expect([response.status, await response.json()]).toMatchObject([201, { shopper }]);
  }
});
