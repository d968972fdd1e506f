import { ulidAt } from "@antipode/core/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createTestApi, startMs } from "../testing/test-world.ts";
import { newCartSchema } from "./routes/carts/contract.ts";

/** Texts near what the API reads: whole and broken ids, keys, tags, cursors and separators. */
const fragments = [
  "crt_",
  ulidAt(startMs, 1),
  ulidAt(0, 1),
  "LAMP-BLACK",
  "desk-lamp",
  "us-east-1#1",
  "audio:",
  "#",
  "|",
  "%",
  "%00",
  "%2F",
  "..",
  "\u0000",
  "é",
  "\ud800",
  "__proto__",
  "constructor",
  "CART#",
  '"',
  "W/",
  "*",
  ",",
  "100",
  "-1",
  "1e9",
];
const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.array(fc.constantFrom(...fragments), { maxLength: 5 }).map((parts) => parts.join("")),
);

const anySegment = anyText.map((text) => encodeURIComponent(text.toWellFormed()));
const anyRawSegment = fc.string({
  unit: fc.constantFrom("%", "2", "F", "E", "a", "+", "~", "&"),
  maxLength: 6,
});
const anyPath = fc.oneof(
  fc.constant("/v1/products"),
  fc.constant("/v1/carts"),
  fc.constant("/v1/regions"),
  fc.constant("/health"),
  fc.oneof(anySegment, anyRawSegment).map((id) => `/v1/products/${id}`),
  fc.oneof(anySegment, anyRawSegment).map((id) => `/v1/carts/${id}`),
  fc.oneof(anySegment, anyRawSegment).map((id) => `/v1/carts/${id}/lines`),
  fc.constant("/v1/carts/MINE"),
  fc.constant("/v1/carts/MINE/lines"),
  anyRawSegment.map((path) => `/${path}`),
);
const anyQuery = fc
  .array(fc.tuple(fc.oneof(fc.constantFrom("limit", "cursor", "category"), anySegment), anySegment), {
    maxLength: 3,
  })
  .map((pairs) =>
    pairs.length === 0 ? "" : `?${pairs.map(([name, value]) => `${name}=${value}`).join("&")}`,
  );

const anyBody = fc.oneof(
  fc.constant(undefined),
  anyText,
  fc.json(),
  fc
    .record({ sku: fc.oneof(anyText, fc.jsonValue()), quantity: fc.jsonValue() })
    .map((line) => JSON.stringify(line)),
  fc.constant("x".repeat(17_000)),
);

/** Header values that a client can put on the wire at all. */
const anyHeader = anyText.map((text) => text.replace(/[^\x20-\x7e]/g, ""));

const anyRequest = fc.record({
  method: fc.constantFrom("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW"),
  path: anyPath,
  query: anyQuery,
  body: anyBody,
  token: fc.oneof(fc.constant("GOOD"), anyHeader),
  key: fc.oneof(fc.constant(ulidAt(startMs, 5) as string), anyHeader),
  type: fc.oneof(fc.constant("application/json"), anyHeader),
  ifNoneMatch: anyHeader,
});

test("whatever is sent is answered, or refused as a problem: it is never a failure of ours", async () => {
  const api = createTestApi();
  const made = await api.app.request("/v1/carts", { method: "POST" });
  const mine = newCartSchema.parse(await made.json());
  const statuses = new Set<number>();
  await fc.assert(
    fc.asyncProperty(anyRequest, async ({ method, path, query, body, token, key, type, ifNoneMatch }) => {
      const bodyless = method === "GET" || method === "HEAD";
      const response = await api.app.request(`${path.replace("MINE", mine.id)}${query}`, {
        method,
        headers: {
          Authorization: `Bearer ${token === "GOOD" ? mine.session.token : token}`,
          "Idempotency-Key": key,
          "Content-Type": type,
          "If-None-Match": ifNoneMatch,
        },
        ...(body === undefined || bodyless ? {} : { body }),
      });
      statuses.add(response.status);
      expect(response.status).toBeLessThan(500);
      expect(response.headers.get("served-by")).toBe("us-east-1");
      if (response.status >= 400) {
        expect(response.headers.get("content-type")).toBe("application/problem+json");
        const text = await response.text();
        expect(method === "HEAD" ? { status: response.status } : JSON.parse(text)).toMatchObject({
          status: response.status,
        });
      }
    }),
    { numRuns: 3_000 },
  );
  // The garbage reaches behind every door, or this test would prove little.
  expect([...statuses].sort()).toEqual(expect.arrayContaining([200, 400, 401, 404, 405, 415, 422]));
});
