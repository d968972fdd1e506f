import {
  cancelledPerItemMax,
  cartKey,
  isCartId,
  type StorageError,
  type StoredItem,
  votesToItem,
} from "@antipode/core";
import { ulidAt } from "@antipode/core/testing";
import { lamp, us } from "./catalog.ts";
import {
  create,
  newOperation,
  operate,
  operatorToken,
  patch,
  price,
  replicateCatalog,
  settle,
} from "./operator.ts";
import { sellingRefusals } from "./selling-refusals.ts";
import { add, mergeGuest, type Opened, openCart, read, removeLine, setQuantity } from "./shopper.ts";
import { createTestApi, createTestApis, startMs, type TestApi } from "./test-world.ts";
import { closedBy, votesOf } from "./votes-of.ts";

const sessionMs = 61 * 86_400_000; // a day more than sessions and carts live

const away: StorageError = { type: "unavailable", operation: "", reason: "" };
const busy: StorageError = { type: "throttled", operation: "" };
const tooLarge: StorageError = { type: "item-too-large", operation: "" };

type Shop = { readonly api: TestApi; readonly cart: Opened };

async function shop(): Promise<Shop> {
  const api = createTestApi();
  return { api, cart: await openCart(api) };
}

/** The cart's item in the region, with more in it than a shopper could have put there in a test. */
function load({ api, cart }: Shop, attributes: Omit<StoredItem, "pk" | "sk">): void {
  if (!isCartId(cart.id)) {
    throw new Error(cart.id);
  }
  api.items.load("Carts", [{ ...cartKey(cart.id, us), v: 1, ...attributes }]);
}

/** A shop whose cart's item holds this. */
async function shopWith(attributes: Omit<StoredItem, "pk" | "sk">): Promise<Shop> {
  const made = await shop();
  load(made, attributes);
  return made;
}

/** An add of which one thing is wrong. */
async function sendLine(headers: Record<string, string>, body: string): Promise<Response> {
  const { api, cart } = await shop();
  return api.app.request(`/v1/carts/${cart.id}/lines`, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${cart.token}`,
      "Content-Type": "application/json",
      "Idempotency-Key": newOperation(api),
      ...headers,
    },
    body,
  });
}

/** Two regions with the lamp in both. */
async function stocked(): Promise<{ readonly here: TestApi; readonly there: TestApi }> {
  const apis = createTestApis();
  const [here, there] = apis;
  if (here === undefined || there === undefined) {
    throw new Error("no regions");
  }
  await create(here);
  await replicateCatalog(apis);
  return { here, there };
}

const get = (path: string) => createTestApi().app.request(path);

/** A cart whose reads and writes fail once in that way. */
async function failing(operation: string, error: StorageError): Promise<Response> {
  const { api, cart } = await shop();
  api.items.failNext(operation, error, { times: 5 });
  return operation.startsWith("Update") ? setQuantity(api, cart, "LAMP", 1) : read(api, cart);
}

async function mergeCheckedOut(): Promise<Response> {
  const { api, cart } = await shop();
  const guest = await openCart(api);
  const operation = ulidAt(startMs, 9_300);
  await add(api, guest, {}, operation);
  load({ api, cart: guest }, { [`o#${operation}`]: "LAMP|+|1", n: 1, "k#0": new Set([operation]) });
  return mergeGuest(api, cart, guest);
}

async function takeHalf(): Promise<Response> {
  const { here, there } = await stocked();
  const made = await create(there, { ...lamp, id: "new-lamp" });
  const key = { "Idempotency-Key": newOperation(here) };
  const seen = { "Consistency-Token": made.headers.get("etag") ?? "" };
  await patch(here, { title: "Lampe" }, { ...key, ...seen }, "new-lamp");
  return patch(here, { title: "Lampe" }, key, "new-lamp");
}

async function settleAnother(): Promise<Response> {
  const apis = createTestApis();
  const [here, there] = apis as [TestApi, TestApi];
  await create(here);
  await replicateCatalog(apis);
  await patch(here, { title: "Walnut lamp" });
  await patch(there, { title: "Lamp of walnut" });
  await replicateCatalog(apis);
  return settle(here, "title@eu-west-1#1:9;us-east-1#1:9", "Walnut lamp");
}

const command = (api: TestApi, region: string) =>
  operate(api, "POST", `/v1/regions/${region}/drain`, { reason: "maintenance" });

/** A refusal of each form that the API has, as it is really answered. */
export const refusals: Readonly<Record<string, () => Promise<Response>>> = {
  "a query out of bounds": async () => get("/v1/products?limit=0"),
  "another listing's cursor": async () => get("/v1/products?cursor=x"),
  "a body that is no JSON": () => sendLine({}, "{"),
  "a key that is no ULID": () => sendLine({ "Idempotency-Key": "1" }, "{}"),
  "no token": async () => get(`/v1/carts/${(await shop()).cart.id}`),
  "a token that is over": async () => {
    const { api, cart } = await shop();
    api.clock.advance(sessionMs);
    return read(api, cart);
  },
  "a shopper's token on an operator's path": async () => {
    const { api, cart } = await shop();
    return api.app.request("/v1/conflicts", { headers: { Authorization: `Bearer ${cart.token}` } });
  },
  "another shopper's cart": async () => {
    const { api, cart } = await shop();
    return read(api, { ...cart, id: (await openCart(api)).id });
  },
  "a guest's session that is over": async () => {
    const { api, cart: guest } = await shop();
    api.clock.advance(sessionMs);
    return mergeGuest(api, await openCart(api), guest);
  },
  "no path": async () => get("/v2"),
  "no product": async () => get("/v1/products/vase"),
  "no variant": async () => price((await stocked()).here, 1, {}, "VASE/EUR"),
  "no conflict": async () => settle((await stocked()).here, "title@us-east-1#1:1", "Lampe"),
  "no cart": async () => {
    const { api, cart } = await shop();
    return read(api, { ...cart, id: "crt_1" });
  },
  "no line": async () => {
    const { api, cart } = await shop();
    return removeLine(api, cart, "no sku");
  },
  "a method that the path has not": async () => get("/v1/sessions"),
  "a product that is there": async () => create((await stocked()).here),
  "a full product": async () => {
    const { here } = await stocked();
    here.items.failNext("PutItem Catalog", tooLarge);
    return price(here, 90);
  },
  "a conflict that has changed": settleAnother,
  "a guest's cart in a checkout": mergeCheckedOut,
  "a cart full of changes": async () => {
    const { api, cart } = await shopWith({ n: 500 });
    return add(api, cart);
  },
  "a cart full of what was removed": async () => {
    const removed = Array.from({ length: cancelledPerItemMax }, (_, index) =>
      ulidAt(startMs, 700_000 + index),
    );
    const { api, cart } = await shopWith({ n: 0, x: new Set(removed) });
    return add(api, cart);
  },
  "a cart as large as an item may be": () => failing("UpdateItem", tooLarge),
  "an operator's token that is over": async () => {
    const { api } = await shop();
    const token = await operatorToken(api);
    api.clock.advance(25 * 3_600_000);
    return api.app.request("/v1/conflicts", { headers: { Authorization: `Bearer ${token}` } });
  },
  "an old cart": async () => {
    const { api } = await shop();
    api.clock.advance(sessionMs);
    const cart = await openCart(api);
    return read(api, { ...cart, id: `${cart.id.slice(0, 31)}${ulidAt(startMs, 1)}` });
  },
  "another version": async () =>
    patch((await stocked()).here, { title: "Lampe" }, { "If-Match": '"us-east-1#1:9"' }),
  "a large body": () => sendLine({}, "x".repeat(17_000)),
  "a body of another type": () => sendLine({ "Content-Type": "text/plain" }, "{}"),
  "a body that is wrong": () => sendLine({}, JSON.stringify({ sku: "desk lamp", quantity: 0, price: 1 })),
  "a settlement that is wrong": async () => {
    const value = [{ sku: "LAMP", title: 5 }];
    return settle((await stocked()).here, "variants@us-east-1#1:1", value);
  },
  "an old key": () => sendLine({ "Idempotency-Key": ulidAt(startMs - 90_000_000, 1) }, "{}"),
  "a key ahead of its time": () => sendLine({ "Idempotency-Key": ulidAt(startMs + 400_000, 1) }, "{}"),
  "a key for two changes": async () => {
    const { api, cart } = await shop();
    const key = newOperation(api);
    await add(api, cart, {}, key);
    return add(api, cart, { quantity: 7 }, key);
  },
  "an item of the future": async () => {
    const { api, cart } = await shopWith({ future: 1 });
    return read(api, cart);
  },
  "a bug": async () => {
    const items = { ...createTestApi().items, get: () => Promise.reject(new Error("a bug")) };
    return createTestApi("us-east-1", { items }).app.request("/v1/products/desk-lamp");
  },
  "a busy store": () => failing("Query Carts", busy),
  "other writers": () => failing("UpdateItem", { type: "contended", operation: "" }),
  "a store that is away": () => failing("Query Carts", away),
  "an edit of a product that is not whole": takeHalf,
  "what was seen elsewhere": async () => {
    const { api, cart } = await shop();
    return read(api, cart, { "Consistency-Token": "us-east-1#1:12", Prefer: "consistency=strict" });
  },
  "no region": async () => command(createTestApi(), "mars-1"),
  "no vote": async () => createTestApi().health.request("/drain-votes/eu-west-1"),
  "one drained region too many": async () => {
    const api = createTestApi();
    await command(api, "eu-west-1");
    await command(api, "ap-east-1");
    return command(api, "ap-south-1");
  },
  "a region that an operator closed": async () => {
    const api = createTestApi();
    api.items.load("Control", [votesToItem(closedBy(api))]);
    return api.health.request("/health");
  },
  "a region that has just come back": async () => {
    const api = createTestApi();
    const votes = { ...votesOf(api), ramp: { phase: "returning" as const, sinceMs: startMs } };
    api.items.load("Control", [votesToItem(votes)]);
    return api.health.request("/ramped");
  },
  "tables that are away": async () => {
    const api = createTestApi();
    api.items.failNext("GetItem", away, { times: 2 });
    return api.health.request("/health");
  },
  ...sellingRefusals,
};
