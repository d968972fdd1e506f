import { replicateAll } from "@antipode/core/testing";
import { beforeEach, describe, expect, test } from "vitest";
import { lamp } from "../../testing/catalog.ts";
import {
  create,
  newOperation,
  operate,
  patch,
  price,
  productIn,
  replicateCatalog,
  settle,
} from "../../testing/operator.ts";
import {
  add,
  mergeGuest,
  type Opened,
  openCart,
  read,
  removeLine,
  setQuantity,
} from "../../testing/shopper.ts";
import { createAnswerChecker } from "../../testing/specified-answers.ts";
import { createTestApis, type TestApi } from "../../testing/test-world.ts";
import { buildSpecification } from "./build-specification.ts";

const checker = createAnswerChecker(buildSpecification());

/** The path that the answers are checked against, as the specification spells it. */
function checkOf(path: string) {
  return async (method: string, status: number, answer: Response | Promise<Response>) => {
    const response = await answer;
    expect([response.status, await response.clone().text()]).toEqual([status, expect.anything()]);
    expect(await checker.faults(method, path, response)).toEqual([]);
  };
}

const strict = { Prefer: "consistency=strict" };
const tagOf = async (answer: Promise<Response>) => (await answer).headers.get("etag") ?? "";

let apis: readonly TestApi[];
let here: TestApi;
let there: TestApi;

beforeEach(() => {
  apis = createTestApis();
  [here, there] = apis as [TestApi, TestApi];
});

const get = (path: string, headers: Record<string, string> = {}) =>
  Promise.resolve(here.app.request(path, { headers }));

describe("answers are as specified:", () => {
  test("reading products", async () => {
    await create(here);
    await replicateCatalog(apis);
    const list = checkOf("/v1/products");
    await list("GET", 200, get("/v1/products?category=home"));
    await list("GET", 400, get("/v1/products?limit=0"));
    const one = checkOf("/v1/products/{productId}");
    const path = `/v1/products/${lamp.id}`;
    const etag = await tagOf(get(path));
    await one("GET", 200, get(path));
    await one("GET", 200, get(path, { "Consistency-Token": etag, ...strict }));
    await one("GET", 304, get(path, { "If-None-Match": etag }));
    await one("GET", 404, get("/v1/products/vase"));
    here.remote.setUnreachable("eu-west-1");
    await one("GET", 200, get(path, { "Consistency-Token": '"eu-west-1#1:9"' }));
    await one("GET", 503, get(path, { "Consistency-Token": '"eu-west-1#1:9"', ...strict }));
  });

  test("editing products", async () => {
    const list = checkOf("/v1/products");
    await list("POST", 201, create(here));
    await list("POST", 409, create(here));
    await list("POST", 422, create(here, { ...lamp, id: "No Id" }));
    await list("POST", 400, create(here, lamp, { "Idempotency-Key": "no-ulid" }));
    await list("POST", 401, create(here, lamp, { Authorization: "Bearer nothing" }));
    const { token } = await openCart(here);
    await list("POST", 403, create(here, lamp, { Authorization: `Bearer ${token}` }));
    await list("POST", 415, create(here, lamp, { "Content-Type": "text/plain" }));
    const one = checkOf("/v1/products/{productId}");
    await one("PATCH", 200, patch(here, { title: "Lantern" }));
    await one("PATCH", 412, patch(here, { title: "Torch" }, { "If-Match": '"us-east-1#1:99"' }));
    await one("PATCH", 404, patch(here, { title: "Torch" }, {}, "vase"));
    here.items.failNext("PutItem Catalog", { type: "item-too-large", operation: "PutItem Catalog" });
    await one("PATCH", 409, patch(here, { title: "Torch" }));
    here.remote.setUnreachable("eu-west-1");
    await one("PATCH", 503, patch(here, { title: "Torch" }, { "If-Match": '"eu-west-1#1:9"' }));
    const prices = checkOf("/v1/products/{productId}/prices/{sku}/{currency}");
    await prices("PUT", 200, price(here, 90));
    await prices("PUT", 404, price(here, 90, {}, "VASE/EUR"));
    await prices("PUT", 400, price(here, 90, {}, "LAMP/XXX"));
  });

  test("conflicts and their settlement", async () => {
    await create(here);
    await replicateCatalog(apis);
    await price(here, 90);
    await price(there, 110);
    await replicateCatalog(apis);
    const feed = checkOf("/v1/conflicts");
    await feed("GET", 200, operate(here, "GET", "/v1/conflicts?limit=1"));
    await feed("GET", 401, get("/v1/conflicts"));
    await checkOf("/v1/products/{productId}")("GET", 200, get(`/v1/products/${lamp.id}`));
    const product = await productIn(await get(`/v1/products/${lamp.id}`));
    const settlements = checkOf("/v1/products/{productId}/settlements");
    await settlements("POST", 404, settle(here, "title@eu-west-1#1:1;us-east-1#1:2", "Lantern"));
    await settlements("POST", 200, settle(here, product.conflicts[0]?.id ?? "", 95));
  });

  test("sessions", async () => {
    const sessions = checkOf("/v1/sessions");
    const post = (more: RequestInit = {}) => here.app.request("/v1/sessions", { method: "POST", ...more });
    await sessions("POST", 201, post());
    await sessions("POST", 401, post({ headers: { Authorization: "Bearer nothing" } }));
    await sessions("POST", 422, post({ body: "[]", headers: { "Content-Type": "application/json" } }));
  });

  test("regions and their health", async () => {
    for (const path of ["/v1/regions", "/ready"]) {
      await checkOf(path)("GET", 200, get(path));
    }
    for (const path of ["/health", "/ramped"]) {
      await checkOf(path)("GET", 200, here.health.request(path));
    }
  });
});

describe("a cart's answers are as specified:", () => {
  const one = checkOf("/v1/carts/{cartId}");
  let cart: Opened;

  beforeEach(async () => {
    cart = await openCart(here);
  });

  test("making and reading it", async () => {
    await checkOf("/v1/carts")("POST", 201, here.app.request("/v1/carts", { method: "POST" }));
    const etag = await tagOf(add(here, cart));
    await one("GET", 200, read(here, cart));
    await one("GET", 200, read(here, cart, { "Consistency-Token": etag, ...strict }));
    await one("GET", 304, read(here, cart, { "If-None-Match": etag }));
    await one("GET", 400, read(here, cart, { "Consistency-Token": "nonsense" }));
    await one("GET", 401, get(`/v1/carts/${cart.id}`));
    await one("GET", 403, read(here, { ...cart, id: (await openCart(here)).id }));
    here.remote.setUnreachable("eu-west-1");
    await one("GET", 503, read(here, cart, { "Consistency-Token": '"eu-west-1#1:9"', ...strict }));
  });

  test("its lines", async () => {
    const key = newOperation(here);
    const lines = checkOf("/v1/carts/{cartId}/lines");
    await lines("POST", 200, add(here, cart, {}, key));
    await lines("POST", 422, add(here, cart, { quantity: 7 }, key));
    await lines("POST", 422, add(here, cart, { quantity: -1 }));
    await lines("POST", 400, add(here, cart, {}, "no-ulid"));
    const line = checkOf("/v1/carts/{cartId}/lines/{sku}");
    await line("PUT", 200, setQuantity(here, cart, "LAMP-BLACK", 3));
    await line("PUT", 422, setQuantity(here, cart, "LAMP-BLACK", 100));
    await line("PUT", 404, setQuantity(here, cart, "no sku", 3));
    await line("DELETE", 200, removeLine(here, cart, "LAMP-BLACK"));
    await line("DELETE", 404, removeLine(here, cart, "no sku"));
    const headers = {
      Authorization: `Bearer ${cart.token}`,
      "Idempotency-Key": newOperation(here),
      "Content-Type": "text/plain",
    };
    const withBody = { method: "DELETE", headers, body: "none is taken" };
    await line("DELETE", 415, here.app.request(`/v1/carts/${cart.id}/lines/LAMP`, withBody));
  });

  test("merging a guest's", async () => {
    const guest = await openCart(there);
    await add(there, guest);
    replicateAll(
      apis.map(({ items }) => items),
      "Carts",
    );
    const merge = checkOf("/v1/carts/{cartId}/merge");
    await merge("POST", 200, mergeGuest(here, cart, guest));
    await merge("POST", 403, mergeGuest(here, cart, { ...guest, token: cart.token }));
    await merge("POST", 422, mergeGuest(here, cart, cart));
  });
});

test("an answer that is not as specified is found", async () => {
  const answer = (body: string, status: number, headers: Record<string, string>) =>
    checker.faults("GET", "/v1/products/{productId}", new Response(body, { status, headers }));
  const json = { "Content-Type": "application/json", ETag: '""' };
  expect((await answer("{}", 200, json)).length).toBeGreaterThan(1);
  expect(await answer("{}", 418, json)).toHaveLength(1);
  expect(await answer("{}", 200, { "Content-Type": "text/html", ETag: '""' })).toHaveLength(1);
  const problem = {
    type: "urn:antipode:problem:product-not-found",
    title: "",
    status: 404,
    detail: "",
    instance: "",
  };
  const problemJson = { "Content-Type": "application/problem+json" };
  const text = JSON.stringify(problem);
  expect(await answer(text, 404, problemJson)).toEqual([]);
  expect(await answer(JSON.stringify({ ...problem, type: "urn:other" }), 404, problemJson)).toHaveLength(1);
  expect(await answer(text, 404, { ...problemJson, ETag: '""' })).toHaveLength(1);
  expect(await answer(text, 404, { ...problemJson, Consistency: "covered" })).toHaveLength(1);
});
