import { brotliDecompressSync } from "node:zlib";
import { beforeEach, describe, expect, it } from "vitest";
import { createVirtualTime, type VirtualTime } from "../../../testing-time/virtual-time.ts";
import type { DistributionConfig } from "../distribution-config.ts";
import { policies, shopConfig } from "../testing/distribution.ts";
import { OriginError, type RequestBody } from "./ask-origins.ts";
import { createEdgeLocation, type EdgeLocation } from "./edge-location.ts";
import { fieldOf, type HeaderFields } from "./header-fields.ts";
import type { OriginRequest } from "./origin-requests.ts";

interface Reply {
  readonly status?: number;
  readonly headers?: Record<string, string | string[]>;
  readonly body?: string;
}

let time: VirtualTime;
let edge: EdgeLocation;
let config: DistributionConfig;
let asked: (OriginRequest & { origin: string; body: string })[];
/** By origin: what it answers, or nothing when nobody is there. */
let replies: Record<string, ((request: OriginRequest) => Reply) | undefined>;

beforeEach(() => {
  time = createVirtualTime();
  config = shopConfig;
  asked = [];
  const fresh = () => ({ headers: { "cache-control": "max-age=5", etag: '"1"' }, body: "near" });
  replies = { near: fresh, far: () => ({ ...fresh(), body: "far" }), api: () => ({ body: "api" }) };
  edge = createEdgeLocation({
    pop: "DUB1-L1",
    policies,
    scheduler: time,
    cacheBytesMax: 1_000_000,
    distributionOf: (host) =>
      ["shop.test", "d1.cloudfront.net"].includes(host)
        ? { id: "E1", domainName: "d1.cloudfront.net", config }
        : undefined,
    async send(origin, request, { onConnected, body }) {
      const reply = replies[origin.id];
      if (reply === undefined) throw new OriginError("origin-unreachable");
      onConnected();
      asked.push({ ...request, origin: origin.id, body: await read(body) });
      const { status = 200, headers = {}, body: text = "" } = reply(request);
      const bytes = Buffer.from(request.method === "HEAD" || status === 304 ? "" : text);
      const length = { "content-length": String(Buffer.byteLength(text)) };
      return { status, headers: { ...length, ...headers }, body: only(bytes), discard: () => {} };
    },
  });
});

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function read(body: RequestBody | Buffer | undefined): Promise<string> {
  if (body === undefined || Buffer.isBuffer(body)) return body?.toString() ?? "";
  let text = "";
  for await (const chunk of body) text += Buffer.from(chunk).toString();
  return text;
}

async function ask(target: string, headers: Record<string, string> = {}, method = "GET", sent?: string) {
  const [path = "", query = ""] = target.split("?", 2);
  const request = {
    method,
    path,
    query,
    headers: { host: "shop.test", ...headers },
    clientAddress: "192.0.2.7",
  };
  const answer = await edge.handle(request, sent === undefined ? undefined : only(Buffer.from(sent)));
  const body = Buffer.isBuffer(answer.body) ? answer.body : Buffer.from(await read(answer.body));
  return { status: answer.status, headers: answer.headers, text: body.toString(), bytes: body };
}

const cacheOf = ({ headers }: { headers: HeaderFields }) => fieldOf(headers, "x-cache")?.split(" ")[0];
const products = "/v1/products";

describe("a cached read", () => {
  it("is asked once, then served with its age, and asked about when it is old", async () => {
    const first = await ask(products);
    expect([cacheOf(first), first.text, first.headers["age"]]).toEqual(["Miss", "near", undefined]);
    await time.advance(4_000);
    const second = await ask(products);
    expect([cacheOf(second), second.text, second.headers["age"]]).toEqual(["Hit", "near", "4"]);
    expect(asked).toHaveLength(1);
    replies["near"] = () => ({ status: 304, headers: { "cache-control": "max-age=5" } });
    await time.advance(1_000);
    const third = await ask(products);
    expect([third.status, cacheOf(third), third.text]).toEqual([200, "RefreshHit", "near"]);
    expect(asked[1]?.headers).toMatchObject({ "if-none-match": '"1"' });
    await time.advance(4_000);
    expect(cacheOf(await ask(products))).toBe("Hit");
  });

  it("is sent on with the key's headers and the edge's own, not with what would make it one viewer's", async () => {
    await ask(`${products}?limit=2`, {
      "consistency-token": "t",
      authorization: "Bearer secret",
      cookie: "a=b",
      "user-agent": "curl",
      "accept-encoding": "gzip, deflate, br",
      "x-forwarded-for": "198.51.100.1",
      "if-none-match": '"other"',
    });
    expect(asked[0]?.target).toBe(`${products}?limit=2`);
    expect(asked[0]?.headers).toEqual({
      "consistency-token": "t",
      "accept-encoding": "br,gzip",
      "user-agent": "Amazon CloudFront",
      "x-forwarded-for": "198.51.100.1, 192.0.2.7",
      via: expect.stringMatching(/^1\.1 \w+\.cloudfront\.net \(CloudFront\)$/),
      "x-amz-cf-id": expect.any(String),
    });
  });

  it("is not sent on with its preflight's answer, which is nobody else's", async () => {
    const preflight = { origin: "https://a.test", "access-control-request-method": "GET", "x-other": "1" };
    replies["near"] = ({ method }) => ({
      headers: { "cache-control": "max-age=5" },
      body: method === "OPTIONS" ? "" : "near",
    });
    for (const _ of [1, 2]) {
      const answer = await ask(`${products}?limit=2`, preflight, "OPTIONS");
      expect([answer.status, cacheOf(answer)]).toEqual([200, "Miss"]);
    }
    expect(asked.map(({ method, target }) => `${method} ${target}`)).toEqual([
      `OPTIONS ${products}?limit=2`,
      `OPTIONS ${products}?limit=2`,
    ]);
    expect(asked[0]?.headers).toMatchObject({
      origin: "https://a.test",
      "access-control-request-method": "GET",
      "user-agent": "Amazon CloudFront",
    });
    expect(asked[0]?.headers["x-other"]).toBeUndefined();
    replies["near"] = undefined;
    await ask(products, preflight, "OPTIONS");
    expect(asked.at(-1)?.origin, "it fails over as a read does").toBe("far");
  });

  it("is one read's, with what goes on beside the key and without", async () => {
    await ask(products, { "access-control-request-method": "GET" });
    expect(cacheOf(await ask(products))).toBe("Hit");
  });

  it("is one viewer's when it says so, and keeps no cookie of one for another", async () => {
    replies["near"] = () => ({ headers: { "cache-control": "private, no-store" }, body: "mine" });
    await ask(products);
    expect(cacheOf(await ask(products))).toBe("Miss");
    replies["near"] = () => ({
      headers: { "cache-control": "max-age=5", "set-cookie": ["id=1"], vary: "Origin, Prefer" },
    });
    const shown = await ask("/v1/products/2");
    expect([shown.headers["set-cookie"], shown.headers["vary"]]).toEqual([undefined, "Origin"]);
  });

  it("differs by what the key names", async () => {
    await ask(products);
    for (const headers of [
      { origin: "https://a.test" },
      { "consistency-token": "t" },
      { "accept-encoding": "gzip" },
    ])
      expect(cacheOf(await ask(products, headers as Record<string, string>))).toBe("Miss");
    expect(cacheOf(await ask(`${products}?a`))).toBe("Miss");
    expect(cacheOf(await ask(products, { authorization: "other", cookie: "x" }))).toBe("Hit");
  });

  it("is news that nothing changed for whoever has it", async () => {
    const first = await ask(products);
    const again = await ask(products, { "if-none-match": fieldOf(first.headers, "etag") ?? "" });
    expect([again.status, again.text, cacheOf(again), again.headers["etag"]]).toEqual([
      304,
      "",
      "Hit",
      '"1"',
    ]);
    expect((await ask(products, { "if-none-match": '"2"' })).status).toBe(200);
  });

  it("answers a HEAD too, without its body", async () => {
    await ask(products);
    const head = await ask(products, {}, "HEAD");
    expect([head.status, head.text, head.headers["content-length"], cacheOf(head)]).toEqual([
      200,
      "",
      "4",
      "Hit",
    ]);
    const alone = await ask("/v1/products/7", {}, "HEAD");
    expect([cacheOf(alone), asked.at(-1)?.method]).toEqual(["Miss", "HEAD"]);
    expect(cacheOf(await ask("/v1/products/7")), "a HEAD brings no body for a GET").toBe("Miss");
  });

  it("is compressed for whoever takes it", async () => {
    const text = "shop ".repeat(400);
    replies["near"] = () => ({
      headers: { "content-type": "application/json", "cache-control": "max-age=5" },
      body: text,
    });
    const packed = await ask(products, { "accept-encoding": "br" });
    expect(brotliDecompressSync(packed.bytes).toString()).toBe(text);
    expect((await ask(products)).text).toBe(text);
  });

  it("is forgotten by an invalidation, even when it was asked for before", async () => {
    await ask(products);
    edge.invalidate("E1", "/v1/*");
    expect(cacheOf(await ask(products))).toBe("Miss");
    edge.invalidate("E2", "/v1/*");
    expect(cacheOf(await ask(products))).toBe("Hit");
    replies["near"] = () => {
      edge.invalidate("E1", "/v1/products/3");
      return { headers: { "cache-control": "max-age=5" } };
    };
    await ask("/v1/products/3");
    expect(cacheOf(await ask("/v1/products/3"))).toBe("Miss");
  });
});

describe("when the nearest region fails", () => {
  it("another answers within the request, and the next request begins with the first again", async () => {
    replies["near"] = () => ({ status: 503 });
    expect((await ask(products)).text).toBe("far");
    expect((await ask("/v1/products/2")).text).toBe("far");
    expect(asked.map(({ origin }) => origin)).toEqual(["near", "far", "near", "far"]);
    expect(edge.status().failovers).toBe(2);
  });

  it("an old answer stands in for an error, and the origin is left alone for ten seconds", async () => {
    replies["near"] = () => ({ headers: { "cache-control": "max-age=5, stale-if-error=300" }, body: "old" });
    await ask(products);
    replies = {};
    await time.advance(6_000);
    const stale = await ask(products);
    expect([stale.status, stale.text, stale.headers["age"]]).toEqual([200, "old", "6"]);
    replies["near"] = () => ({ headers: { "cache-control": "max-age=5" }, body: "new" });
    expect((await ask(products)).text).toBe("old");
    await time.advance(10_000);
    expect((await ask(products)).text).toBe("new");
  });

  it("a page of CloudFront's says so, and is kept for ten seconds", async () => {
    const well = replies;
    replies = {};
    const error = await ask(products);
    expect([error.status, cacheOf(error), error.headers["server"]]).toEqual([502, "Error", "CloudFront"]);
    expect(error.text).toContain("Generated by cloudfront (CloudFront)");
    replies = well;
    expect((await ask(products)).status).toBe(502);
    await time.advance(10_000);
    expect((await ask(products)).status).toBe(200);
  });

  it("a read that is not cached fails, and its error is kept as long as the distribution says", async () => {
    const well = replies;
    config = { ...shopConfig, errorCaching: [{ errorCode: 502, minTtlSeconds: 1 }] };
    replies = {};
    expect((await ask("/v1/carts/1")).status).toBe(502);
    replies = well;
    expect((await ask("/v1/carts/1")).status).toBe(502);
    expect((await ask("/v1/carts/2")).text).toBe("api");
    await time.advance(1_000);
    expect((await ask("/v1/carts/1")).text).toBe("api");
  });
});

describe("where the distribution keeps no error", () => {
  const none = [404, 500, 502, 503, 504].map((errorCode) => ({ errorCode, minTtlSeconds: 0 }));
  beforeEach(() => {
    config = { ...shopConfig, errorCaching: none };
  });

  it.each([500, 502, 503, 504])("the next read of a cart is asked again after %d", async (status) => {
    replies["api"] = () => ({ status, headers: { "cache-control": "no-store" } });
    expect((await ask("/v1/carts/1")).status).toBe(status);
    replies["api"] = () => ({ body: "cart" });
    const next = await ask("/v1/carts/1");
    expect([next.status, next.text, asked.length]).toEqual([200, "cart", 2]);
  });

  it("and so is one that nobody answered, and one of the catalog that nobody has", async () => {
    const well = replies;
    replies = {};
    expect((await ask("/v1/carts/1")).status).toBe(502);
    expect((await ask(products)).status).toBe(502);
    replies = well;
    expect((await ask("/v1/carts/1")).text).toBe("api");
    expect((await ask(products)).text).toBe("near");
  });

  it("an old answer still stands in for an error, while each read asks first whether it has passed", async () => {
    replies["near"] = () => ({ headers: { "cache-control": "max-age=5, stale-if-error=300" }, body: "old" });
    await ask(products);
    let questions = 0;
    const fail = () => {
      questions += 1;
      return { status: 503 };
    };
    replies = { near: fail, far: fail };
    await time.advance(6_000);
    for (const expected of [2, 4]) {
      const stale = await ask(products);
      expect([stale.status, stale.text, questions]).toEqual([200, "old", expected]);
    }
    replies["near"] = () => ({ headers: { "cache-control": "max-age=5" }, body: "new" });
    expect((await ask(products)).text).toBe("new");
  });
});

describe("what is not cached", () => {
  it("goes through as it is, but for the host, and comes back as it is", async () => {
    replies["api"] = () => ({
      status: 201,
      headers: { "set-cookie": ["a=1", "b=2"], "cache-control": "max-age=50" },
      body: "made",
    });
    const made = await ask(
      "/v1/carts?x=1",
      { authorization: "Bearer t", connection: "close, x-hop", "x-hop": "1" },
      "POST",
      "body",
    );
    expect([made.status, made.text, made.headers["set-cookie"]]).toEqual([201, "made", ["a=1", "b=2"]]);
    expect(asked[0]).toMatchObject({ origin: "api", target: "/v1/carts?x=1", method: "POST", body: "body" });
    expect(asked[0]?.headers).toMatchObject({ authorization: "Bearer t" });
    for (const name of ["host", "connection", "x-hop"]) expect(asked[0]?.headers[name]).toBeUndefined();
    await ask("/v1/carts");
    await ask("/v1/carts");
    expect(asked).toHaveLength(3);
  });

  it("fails as a write when its origin does, and is tried by no other", async () => {
    replies["api"] = undefined;
    expect((await ask("/v1/carts", {}, "POST", "x")).status).toBe(502);
    replies["api"] = () => ({ status: 503 });
    expect((await ask("/v1/carts", {}, "POST", "x")).status).toBe(503);
    expect(asked).toHaveLength(1);
  });
});

describe("what CloudFront refuses", () => {
  it.each<[string, () => ReturnType<typeof ask>, number]>([
    ["a write of what is only read", () => ask(products, {}, "POST", "x"), 403],
    ["a method that it does not know", () => ask("/", {}, "TRACE"), 403],
    ["a GET with a body", () => ask(products, {}, "GET", "x"), 403],
    ["a host of nobody's", () => ask(products, { host: "other.test" }), 403],
    ["a URL that is too long", () => ask(`/${"x".repeat(8_192)}`), 413],
    [
      "anything, while it is disabled",
      () => {
        config = { ...shopConfig, enabled: false };
        return ask(products);
      },
      403,
    ],
  ])("%s", async (_, request, status) => {
    const answer = await request();
    expect([answer.status, cacheOf(answer)]).toEqual([status, "Error"]);
    expect(asked).toEqual([]);
  });

  it("takes its own name, and a name with a port", async () => {
    expect((await ask(products, { host: "d1.cloudfront.net:4180" })).status).toBe(200);
    expect((await ask(products, { host: "SHOP.test." })).status).toBe(200);
  });
});

it("answers carry the behaviour's headers, and say where they come from", async () => {
  replies["near"] = () => ({
    headers: { "referrer-policy": "origin", "x-content-type-options": "x", via: "1.1 me" },
  });
  expect((await ask(products)).headers).toMatchObject({
    "referrer-policy": "origin",
    "x-content-type-options": "nosniff",
    "x-amz-cf-pop": "DUB1-L1",
    "x-cache": "Miss from cloudfront",
    via: expect.stringContaining("(CloudFront)"),
  });
});

it("a path that leads out of the catalog is not the catalog's", async () => {
  expect((await ask("/v1/products/../carts")).text).toBe("api");
});
