import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cannedAnswers } from "../store/canned.ts";
import { cartIdAt, productIdAt } from "../store/sample-shop.ts";
import { type Form, forms, storelessBundles, withScratch } from "./bundles.ts";
import { comparedCalls } from "./calls.ts";
import { createInstance, type Instance } from "./instance.ts";
import type { FunctionAnswer } from "./instance-protocol.ts";
import type { BenchRequest } from "./requests.ts";

const nowMs = Date.now();
const calls = comparedCalls(nowMs);
const instances = new Map<Form, Instance>();
let finish: () => void = () => {};
let bundled: Promise<void> = Promise.resolve();

beforeAll(async () => {
  const variables = { BENCH_CANNED_ANSWERS: JSON.stringify(cannedAnswers(nowMs)) };
  await new Promise<void>((ready, reject) => {
    bundled = withScratch(async (folder) => {
      for (const [form, file] of await storelessBundles(folder)) {
        const instance = createInstance(file, "http://127.0.0.1:1", { variables });
        instances.set(form, instance);
        await instance.start(calls["list of regions"]);
      }
      const done = new Promise<void>((resolve) => {
        finish = resolve;
      });
      ready();
      await done;
    });
    bundled.catch(reject);
  });
});

afterAll(async () => {
  await Promise.all([...instances.values()].map((instance) => instance.stop()));
  finish();
  await bundled;
});

async function answersTo(request: BenchRequest): Promise<ReadonlyMap<Form, FunctionAnswer>> {
  const answers = new Map<Form, FunctionAnswer>();
  for (const [form, instance] of instances) {
    answers.set(form, await instance.invoke(request));
  }
  expect([...answers.keys()]).toEqual(forms);
  return answers;
}

const parsed = (answer: FunctionAnswer | undefined): unknown => JSON.parse(answer?.body ?? "null");

describe("the peers do what the API does", () => {
  test.each(Object.entries(calls))("%s: the same status, tag and content", async (_name, request) => {
    const answers = await answersTo(request);
    const own = answers.get("antipode");
    expect(own?.statusCode).toBe(200);
    for (const answer of answers.values()) {
      expect(answer.statusCode).toBe(200);
      expect(parsed(own)).toMatchObject(parsed(answer) as object);
      expect(answer.headers?.["content-type"]).toMatch(/^application\/json(?:; charset=utf-8)?$/);
      for (const name of ["etag", "cache-control", "served-by", "request-id"]) {
        expect([name, answer.headers?.[name]]).toEqual([name, own?.headers?.[name]]);
      }
    }
  });

  const add = calls["add to cart"];
  const refused: readonly [string, number, BenchRequest][] = [
    ["a product that is no id", 404, { method: "GET", path: "/v1/products/LAMP" }],
    ["a path that does not exist", 404, { method: "GET", path: "/v1/lamps" }],
    ["an add without a session", 401, { ...add, headers: { ...add.headers, authorization: "" } }],
    [
      "an add with a forged session",
      401,
      { ...add, headers: { ...add.headers, authorization: `${add.headers.authorization}x` } },
    ],
    [
      "an add without an operation id",
      400,
      { ...add, headers: { authorization: add.headers.authorization } },
    ],
    ["an add of nothing", 422, { ...add, body: { sku: "SKU-0001", quantity: 0 } }],
    ["an add of no SKU", 422, { ...add, body: { sku: "lamp", quantity: 1 } }],
    ["an add with a further member", 422, { ...add, body: { sku: "SKU-0001", quantity: 1, price: 1 } }],
    ["an add to another's cart", 403, { ...add, path: `/v1/carts/${cartIdAt(nowMs, 7, 8)}/lines` }],
  ];

  test.each(refused)("%s: %i with the same type", async (_name, status, request) => {
    const answers = await answersTo(request);
    const { type } = parsed(answers.get("antipode")) as { type: string };
    for (const answer of answers.values()) {
      expect(answer.statusCode).toBe(status);
      expect(parsed(answer)).toMatchObject({ type });
    }
  });

  test("a measurement of refused calls is no measurement", async () => {
    const request = { method: "GET", path: `/v1/products/${productIdAt(1)}x/y` } as const;
    await expect(instances.get("antipode")?.measure(request, 1)).rejects.toThrow("was refused: 404");
  });
});
