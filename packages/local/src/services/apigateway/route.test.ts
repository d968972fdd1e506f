import { describe, expect, test } from "vitest";
import { createRouter } from "./route.ts";

const routes = (...keys: string[]) => keys.map((routeKey) => ({ routeKey, functionArn: routeKey }));
const router = createRouter(
  routes(
    "$default",
    "ANY /v1/{proxy+}",
    "GET /v1/products",
    "GET /v1/products/{id}",
    "ANY /v1/products/{id}",
    "GET /v1/products/top",
    "GET /v1/carts/{cart}/lines/{line}",
    "GET /v1/carts/{proxy+}",
    "GET /",
  ),
);
const routed = (method: string, path: string) => {
  const match = router(method, path);
  return [match?.route.routeKey, match?.pathParameters];
};

describe("a request goes to", () => {
  test.each([
    ["GET", "/", "GET /", {}],
    ["GET", "/v1/products", "GET /v1/products", {}],
    ["GET", "/v1/products/top", "GET /v1/products/top", {}],
    ["GET", "/v1/products/p 1", "GET /v1/products/{id}", { id: "p 1" }],
    ["PUT", "/v1/products/p1", "ANY /v1/products/{id}", { id: "p1" }],
    ["PUT", "/v1/products/top", "ANY /v1/products/{id}", { id: "top" }],
    ["POST", "/v1/products", "ANY /v1/{proxy+}", { proxy: "products" }],
    ["GET", "/v1/products/a/b", "ANY /v1/{proxy+}", { proxy: "products/a/b" }],
    ["GET", "/v1/carts/c/lines/l", "GET /v1/carts/{cart}/lines/{line}", { cart: "c", line: "l" }],
    ["GET", "/v1/carts/c/lines", "GET /v1/carts/{proxy+}", { proxy: "c/lines" }],
    ["POST", "/v1/carts/c/lines", "ANY /v1/{proxy+}", { proxy: "carts/c/lines" }],
    ["GET", "/v1/", "$default", {}],
    ["GET", "/v1/products/", "ANY /v1/{proxy+}", { proxy: "products/" }],
    ["DELETE", "/", "$default", {}],
    ["GET", "/elsewhere", "$default", {}],
  ])("%s %s → %s", (method, path, routeKey, parameters) => {
    expect(routed(method, path)).toEqual([routeKey, parameters]);
  });

  test("nothing, when no route fits and there is no default", () => {
    expect(createRouter(routes("GET /a"))("GET", "/b")).toBeUndefined();
  });
});

test("the order in which routes are given does not matter", () => {
  const keys = routes("ANY /{proxy+}", "GET /a/{x}", "GET /a/b", "ANY /a/b", "$default");
  const [forth, back] = [createRouter(keys), createRouter(keys.toReversed())];
  for (const [method, path] of [
    ["GET", "/a/b"],
    ["PUT", "/a/b"],
    ["GET", "/a/c"],
    ["PUT", "/a/c"],
    ["GET", "/"],
  ]) {
    expect(back(method ?? "", path ?? "")?.route.routeKey).toBe(
      forth(method ?? "", path ?? "")?.route.routeKey,
    );
  }
});

test("what is no route key is refused", () => {
  expect(() => createRouter(routes("/products"))).toThrow("not a route key: /products");
});
