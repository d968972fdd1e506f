import { ulidAt } from "@antipode/core/testing";
import fc from "fast-check";
import { apiRoutes } from "../api/create-api.ts";
import { createTestApi, startMs } from "./test-world.ts";

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
export const anyText = fc.oneof(
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

/** A request to this API or near it. `MINE`, `YOURS`, `GOOD` and `ADMIN` stand for a test's own carts and tokens. */
export const anyRequest = fc.record({
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
