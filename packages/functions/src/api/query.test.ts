import { expect, test } from "vitest";
import { expectProblem } from "../testing/shopper.ts";
import { createTestApi } from "../testing/test-world.ts";

test.each([
  ["limit=1&limit=2", "#/limit"],
  ["limit=2&limit=2", "#/limit"],
  ["limit=1&cursor=a&cursor=b", "#/cursor"],
  ["limit=1&%6Cimit=2", "#/limit"],
  ["limit=1&since=today&since=today", "#"],
])("a query of %s is refused, with its place: nobody guesses which one counts", async (query, pointer) => {
  const api = createTestApi();
  const response = await api.app.request(`/v1/products?${query}`);
  expect(await expectProblem(response, 400, "malformed-request")).toMatchObject({ errors: [{ pointer }] });
  expect(api.items.operations).toEqual([]);
});

test("a parameter given once is read as it stands", async () => {
  const api = createTestApi();
  expect((await api.app.request("/v1/products?limit=1")).status).toBe(200);
});
