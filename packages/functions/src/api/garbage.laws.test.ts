import { ulidAt } from "@antipode/core/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { adminToken, createTestApi, startMs } from "../testing/test-world.ts";
import { apiRoutes } from "./create-api.ts";
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
/** Each path that exists, by its method: new ones join by themselves. */
const goodByParameter: Readonly<Record<string, string>> = {
  cartId: "MINE",
  productId: "desk-lamp",
  sku: "LAMP-BLACK",
  currency: "EUR",
};
const doors = apiRoutes(createTestApi()).map(({ contract }) => ({
  method: contract.method as string,
  path: contract.path.replace(/:(\w+)/g, (_whole, name) => goodByParameter[String(name)] ?? "x"),
}));
const anyId = fc.oneof(anySegment, anyRawSegment);
const anyGarbledPath = fc.oneof(
  anyId.map((id) => `/v1/products/${id}`),
  anyId.map((id) => `/v1/products/${id}/settlements`),
  fc.tuple(anyId, anyId, anyId).map(([id, sku, currency]) => `/v1/products/${id}/prices/${sku}/${currency}`),
  anyId.map((id) => `/v1/carts/${id}`),
  anyId.map((id) => `/v1/carts/${id}/lines`),
  anyId.map((sku) => `/v1/carts/MINE/lines/${sku}`),
  anyRawSegment.map((path) => `/${path}`),
);
const anyMethod = fc.constantFrom("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW");
const anyTarget = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...doors) },
  fc.record({ method: anyMethod, path: fc.constantFrom(...doors.map(({ path }) => path)) }),
  fc.record({ method: anyMethod, path: anyGarbledPath }),
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
  fc.integer({ min: -1, max: 100 }).map((quantity) => JSON.stringify({ quantity })),
  fc
    .record({ cart: fc.constantFrom("MINE", "YOURS", "crt_"), token: fc.constantFrom("GOOD", "YOURS", "x") })
    .map((guest) => JSON.stringify(guest)),
  fc.record({ shopper: anyText }).map((session) => JSON.stringify(session)),
  fc.record({ title: fc.jsonValue(), amountMinor: fc.jsonValue() }).map((edit) => JSON.stringify(edit)),
  fc.constant("x".repeat(17_000)),
);

/** Header values that a client can put on the wire at all. */
const anyHeader = anyText.map((text) => text.replace(/[^\x20-\x7e]/g, ""));

const anyRequest = fc.record({
  target: anyTarget,
  query: fc.oneof({ weight: 2, arbitrary: fc.constant("") }, anyQuery),
  body: anyBody,
  token: fc.oneof(fc.constantFrom("GOOD", "GOOD", "ADMIN"), anyHeader),
  seen: fc.oneof(fc.constantFrom(undefined, "us-east-1#1:1", '"eu-west-1#1:2;us-east-1#2:1"'), anyHeader),
  prefer: fc.oneof(fc.constant("consistency=strict"), anyHeader),
  key: fc.oneof(fc.constant(ulidAt(startMs, 5) as string), anyHeader),
  type: fc.oneof({ weight: 3, arbitrary: fc.constant("application/json") }, anyHeader),
  ifNoneMatch: anyHeader,
});

test("whatever is sent is answered, or refused as a problem: it is never a failure of ours", async () => {
  const api = createTestApi();
  const open = async () =>
    newCartSchema.parse(await (await api.app.request("/v1/carts", { method: "POST" })).json());
  const [mine, yours, admin] = [await open(), await open(), await adminToken(api.sessions)];
  /** Puts what is good in the place of its name. */
  const filled = (text: string) =>
    text
      .replace("MINE", mine.id)
      .replace("YOURS", yours.id)
      .replace("GOOD", mine.session.token)
      .replace("ADMIN", admin);
  const statuses = new Set<number>();
  await fc.assert(
    fc.asyncProperty(anyRequest, async ({ target, query, body, token, key, type, ...sent }) => {
      const { method, path } = target;
      const bodyless = method === "GET" || method === "HEAD";
      const response = await api.app.request(`${filled(path)}${query}`, {
        method,
        headers: {
          Authorization: `Bearer ${filled(token)}`,
          "Idempotency-Key": key,
          "Content-Type": type,
          "If-None-Match": sent.ifNoneMatch,
          "If-Match": sent.ifNoneMatch,
          Prefer: sent.prefer,
          ...(sent.seen === undefined ? {} : { "Consistency-Token": sent.seen }),
        },
        ...(body === undefined || bodyless ? {} : { body: filled(body) }),
      });
      statuses.add(response.status);
      const text = await response.text();
      // In a world without peers a strict reader may well have seen more than this region has.
      const cutOff = response.status === 503 && (method === "HEAD" || text.includes(":not-covered"));
      expect(response.status < 500 || cutOff).toBe(true);
      expect(response.headers.get("served-by")).toBe("us-east-1");
      if (response.status >= 400) {
        expect(response.headers.get("content-type")).toBe("application/problem+json");
        expect(method === "HEAD" ? { status: response.status } : JSON.parse(text)).toMatchObject({
          status: response.status,
        });
      }
    }),
    { numRuns: 4_000 },
  );
  expect(api.log.entries.filter(({ level }) => level === "error")).toEqual([]);
  // The garbage reaches behind every door, or this test would prove little.
  expect([...statuses].sort()).toEqual(
    expect.arrayContaining([200, 201, 400, 401, 403, 404, 405, 415, 422, 503]),
  );
});
