import { testMethods, ulidAt } from "@antipode/core/testing";
import fc from "fast-check";
import { mountedRoutes } from "./mounted-routes.ts";
import { startMs } from "./test-world.ts";

/** Texts near what the API reads: whole and broken ids, keys, tags, cursors and separators. */
const fragments = [
  "crt_",
  "ord_",
  "_0",
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
/** Which function is asked. */
type App = keyof ReturnType<typeof mountedRoutes>;
const anyApp = fc.constantFrom<App>("api", "checkout");

/** Each path that exists, by its method: new ones join by themselves. */
const goodByParameter: Readonly<Record<string, string>> = {
  cartId: "MINE",
  orderId: "ORDER",
  productId: "desk-lamp",
  sku: "LAMP",
  currency: "EUR",
};
const doors = Object.entries(mountedRoutes()).flatMap(([app, routes]) =>
  routes.map(({ contract }) => ({
    app: app as App,
    method: contract.method as string,
    path: contract.path.replace(/:(\w+)/g, (_whole, name) => goodByParameter[String(name)] ?? "x"),
  })),
);
const anyId = fc.oneof(anySegment, anyRawSegment);
const anyGarbledPath = fc.oneof(
  anyId.map((id) => `/v1/products/${id}`),
  anyId.map((id) => `/v1/products/${id}/settlements`),
  fc.tuple(anyId, anyId, anyId).map(([id, sku, currency]) => `/v1/products/${id}/prices/${sku}/${currency}`),
  anyId.map((id) => `/v1/carts/${id}`),
  anyId.map((id) => `/v1/carts/${id}/lines`),
  anyId.map((sku) => `/v1/carts/MINE/lines/${sku}`),
  anyId.map((id) => `/v1/carts/${id}/checkout`),
  anyId.map((id) => `/v1/orders/${id}`),
  anyId.map((id) => `/v1/orders/${id}/cancellations`),
  anyId.map((sku) => `/v1/stock/${sku}`),
  anyId.map((sku) => `/v1/stock/${sku}/deliveries`),
  anyRawSegment.map((path) => `/${path}`),
);
const anyMethod = fc.constantFrom("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW");
const anyTarget = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...doors) },
  fc.record({ app: anyApp, method: anyMethod, path: fc.constantFrom(...doors.map(({ path }) => path)) }),
  fc.record({ app: anyApp, method: anyMethod, path: anyGarbledPath }),
);
const anyQuery = fc
  .array(fc.tuple(fc.oneof(fc.constantFrom("limit", "cursor", "category"), anySegment), anySegment), {
    maxLength: 3,
  })
  .map((pairs) =>
    pairs.length === 0 ? "" : `?${pairs.map(([name, value]) => `${name}=${value}`).join("&")}`,
  );

const anyLine = fc.record({
  sku: fc.oneof(fc.constant("LAMP"), anyText),
  quantity: fc.jsonValue(),
  unitMinor: fc.integer(),
});
const anyLines = fc.oneof(
  { weight: 4, arbitrary: fc.constant([{ sku: "LAMP", quantity: 1, unitMinor: 100 }]) },
  fc.array(anyLine, { maxLength: 3 }),
  fc.jsonValue(),
);
/** Of the tokens that are well formed only those that the provider knows. */
const anyMethodOfPayment = fc.constantFrom(...Object.values(testMethods), "pm card");

const anyCurrency = fc.constantFrom("EUR", "EUR", "EUR", "USD", "XXX");
const anyRegion = fc.constantFrom("us-east-1", "eu-west-1", "eu-west-9");

const anyBody = fc.oneof(
  fc.constant(undefined),
  anyText,
  fc.json(),
  fc
    .record({ sku: fc.oneof(anyText, fc.jsonValue()), quantity: fc.jsonValue() })
    .map((line) => JSON.stringify(line)),
  fc.constantFrom(-1, 0, 1, 1, 99, 100).map((quantity) => JSON.stringify({ quantity })),
  fc
    .record({ cart: fc.constantFrom("MINE", "YOURS", "crt_"), token: fc.constantFrom("GOOD", "YOURS", "x") })
    .map((guest) => JSON.stringify(guest)),
  fc.record({ shopper: anyText }).map((session) => JSON.stringify(session)),
  fc.record({ title: fc.jsonValue(), amountMinor: fc.jsonValue() }).map((edit) => JSON.stringify(edit)),
  fc.constant("x".repeat(17_000)),
);

/** Bodies that need more luck than there is to be what a path takes, by the end of the path. */
const nearBodies: readonly (readonly [string, fc.Arbitrary<object | undefined>])[] = [
  [
    "/checkout",
    fc.record(
      {
        currency: anyCurrency,
        lines: anyLines,
        paymentMethod: anyMethodOfPayment,
        acceptPartial: fc.boolean(),
      },
      { requiredKeys: ["currency", "lines"] },
    ),
  ],
  ["/deliveries", fc.record({ region: anyRegion, quantity: fc.oneof(fc.nat(), fc.jsonValue()) })],
  ["/fulfilments", fc.record({ type: fc.constantFrom("ship", "deliver", "return", "burn") })],
  ["/cancellations", fc.constantFrom(undefined, {})],
];

function anyBodyFor(path: string): fc.Arbitrary<string | undefined> {
  const near = nearBodies.find(([end]) => path.endsWith(end))?.[1];
  return near === undefined
    ? anyBody
    : fc.oneof(anyBody, { weight: 3, arbitrary: near.map((body) => JSON.stringify(body)) });
}

/** Header values that a client can put on the wire at all. */
const anyHeader = anyText.map((text) => text.replace(/[^\x20-\x7e]/g, ""));

/** A header that is good often enough to reach what is behind it. */
const mostly = <T>(good: fc.Arbitrary<T>) => fc.oneof({ weight: 3, arbitrary: good }, anyHeader);

/** A request to this API or near it. `MINE`, `YOURS`, `ORDER`, `GOOD` and `ADMIN` stand for a test's own carts, order and tokens. */
export const anyRequest = anyTarget.chain((target) =>
  fc.record({
    target: fc.constant(target),
    query: fc.oneof({ weight: 4, arbitrary: fc.constant("") }, anyQuery),
    body: anyBodyFor(target.path),
    token: mostly(fc.constantFrom("GOOD", "GOOD", "ADMIN")),
    seen: mostly(fc.constantFrom(undefined, "us-east-1#1:1", '"eu-west-1#1:2;us-east-1#2:1"')),
    prefer: fc.oneof(fc.constant("consistency=strict"), anyHeader),
    key: mostly(fc.integer({ min: 1, max: 99 }).map((n) => ulidAt(startMs, n) as string)),
    type: mostly(fc.constant("application/json")),
    ifNoneMatch: anyHeader,
    signature: anyHeader,
  }),
);
