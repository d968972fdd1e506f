import fc from "fast-check";
import type { HttpEvent } from "../platform/web/event-request.ts";
import { anyRequest, anyText } from "./any-request.ts";

const servedBy = "us-east-1.shop.example";

/** An event of the gateway in us-east-1. */
export function eventOf(method: string, rawPath: string, more: Partial<HttpEvent> = {}): HttpEvent {
  return {
    rawPath,
    rawQueryString: "",
    isBase64Encoded: false,
    requestContext: { domainName: servedBy, http: { method } },
    ...more,
  };
}

const decoded = (path: string): string => {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
};

const anyHeaderName = fc.oneof(
  fc.constantFrom(
    "x y",
    "X-A",
    "x-a",
    "Content-Type",
    "content-length",
    "IDEMPOTENCY-KEY",
    "cookie",
    "",
    "é",
  ),
  fc.constantFrom("consistency-token", "x-amzn-trace-id", "if-none-match", "__proto__", "constructor"),
);
const anyHeaderValue = fc.oneof(
  anyText,
  fc.constantFrom(
    "",
    " ",
    "\t 9 \r\n",
    "a\nb",
    "a\0b",
    "é",
    "日本",
    "\u00a0x\u00a0",
    "\v",
    "\x7f",
    "99999",
    "-1",
  ),
);
const anyMethodAtAll = fc.constantFrom(
  ..."GET HEAD POST PUT PATCH DELETE OPTIONS TRACE TRACK CONNECT BREW get head post put patch Delete trace".split(
    " ",
  ),
  "",
  "A B",
  "é",
  "G\nET",
);
const anyDomain = fc.constantFrom(
  servedBy,
  servedBy,
  "EXAMPLE.com:8080",
  "a b",
  "",
  "user@shop.example",
  ":pass@shop.example",
  "@shop.example",
  "[::1]",
  "[",
  "bücher.example",
  "shop.example/v1/products/desk-lamp?",
  "x:99999",
);
const anyPathAtAll = fc.oneof(
  anyText.map((text) => `/v1/products/${text}`),
  anyText.map((text) => `/${text}`),
  anyText,
  fc.constantFrom(
    "//[",
    "v1",
    "/v1/../v1/regions",
    "/v1//regions",
    "/v1\\regions",
    "/v1/re\tgions",
    "/v1/regions#x",
  ),
  fc.constantFrom(
    "/v1/regions?x",
    "/v1/%72egions",
    "/v1/regions/",
    "/v1/%2e%2e/regions",
    "@x/v1/regions",
    ":x",
  ),
);
const anyQueryAtAll = fc.oneof(
  anyText,
  fc.constantFrom("%", "limit=2", "limit=1&limit=2", "?limit=2", "#", "&=&", "a+b=%20"),
);
const anyId = fc.oneof(
  fc.constant(undefined),
  fc.constantFrom("JKJaXmPLvHcESHA=", "", "a b", "x".repeat(65)),
);

/** How an event can be odd beyond what a client of the API would send. */
const oddities = {
  method: anyMethodAtAll,
  domain: anyDomain,
  path: anyPathAtAll,
  query: anyQueryAtAll,
  headers: fc.array(fc.tuple(anyHeaderName, anyHeaderValue), { maxLength: 3 }),
  length: fc.constantFrom("0", "2", "99999", "-1", "x"),
  cookies: fc.array(anyHeaderValue, { maxLength: 2 }),
  encodedBody: fc.constantFrom("%%%", "e30=", "e30", " e3 0 = ", "/+8=", "e30=e30=", ""),
  bodyOfBodyless: fc.constantFrom("", "{}"),
};
const anyOddities = fc.record(oddities, { requiredKeys: [] });
const noOddity: typeof anyOddities = fc.constant({});
const oneOddity: typeof anyOddities = fc
  .tuple(fc.record(oddities), fc.constantFrom(...(Object.keys(oddities) as (keyof typeof oddities)[])))
  .map(([all, name]) => ({ [name]: all[name] }));

/** What a request has once it has become an event, and how an event can be odd beyond that. */
export const anyEvent = fc.record({
  request: anyRequest,
  isDecoded: fc.boolean(),
  isBase64: fc.boolean(),
  id: anyId,
  odd: fc.oneof(noOddity, oneOddity, anyOddities),
});

type AnyEvent = typeof anyEvent extends fc.Arbitrary<infer T> ? T : never;

function headersOf({ request, odd }: AnyEvent, fill: (text: string) => string): Record<string, string> {
  return {
    authorization: `Bearer ${fill(request.token)}`,
    "idempotency-key": request.key,
    "content-type": request.type,
    "if-none-match": request.ifNoneMatch,
    "if-match": request.ifNoneMatch,
    prefer: request.prefer,
    ...(request.seen === undefined ? {} : { "consistency-token": request.seen }),
    ...(odd.length === undefined ? {} : { "content-length": odd.length }),
    ...Object.fromEntries(odd.headers ?? []),
  };
}

function bodyOf({ request, isBase64, odd }: AnyEvent, method: string, fill: (text: string) => string) {
  const bodyless = method === "GET" || method === "HEAD";
  if (odd.encodedBody !== undefined && !bodyless) {
    return { body: odd.encodedBody, isBase64Encoded: true };
  }
  const text = bodyless ? odd.bodyOfBodyless : request.body;
  if (text === undefined) {
    return {};
  }
  const body = fill(text);
  return isBase64 ? { body: Buffer.from(body).toString("base64"), isBase64Encoded: true } : { body };
}

/** `fill` puts what is good in the place of its name. */
export function toEvent(given: AnyEvent, fill: (text: string) => string): HttpEvent {
  const { request, isDecoded, id, odd } = given;
  const method = odd.method ?? request.target.method;
  const path = odd.path ?? fill(request.target.path);
  const event = eventOf(method, isDecoded ? decoded(path) : path, {
    rawQueryString: odd.query ?? request.query.replace("?", ""),
    headers: headersOf(given, fill),
    ...(odd.cookies === undefined ? {} : { cookies: odd.cookies }),
    ...bodyOf(given, method, fill),
  });
  const { domainName, http } = event.requestContext;
  const context = {
    domainName: odd.domain ?? domainName,
    http,
    ...(id === undefined ? {} : { requestId: id }),
  };
  return { ...event, requestContext: context };
}
