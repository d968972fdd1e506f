import { gunzipSync } from "node:zlib";
import { beforeEach, describe, expect, test } from "vitest";
import { answerEvents } from "../api/answer-events.ts";
import { readDocsFile } from "../testing/docs-files.ts";
import { expectProblem } from "../testing/shopper.ts";
import {
  createCountingRandomness,
  createRecordingLog,
  createStepClock,
  type RecordingLog,
  testDeployment,
} from "../testing/test-world.ts";
import { createDocs, type DocsDeps } from "./create-docs.ts";
import { createServedFiles } from "./files.ts";

const files = createServedFiles(readDocsFile);
let log: RecordingLog;
let deps: DocsDeps;
let app: ReturnType<typeof createDocs>;

beforeEach(() => {
  log = createRecordingLog();
  deps = {
    deployment: testDeployment(),
    files,
    clock: createStepClock(),
    randomness: createCountingRandomness(),
    log,
  };
  app = createDocs(deps);
});

const get = (path: string, headers: Record<string, string> = {}) => app.request(path, { headers });

/** All that a document's markup makes a browser load. */
const referredTo = (html: string) =>
  [...html.matchAll(/\s(?:src|href)="([^"]*)"/g)].map(([, url = ""]) => url);

describe("the page", () => {
  test("refers to this host alone, and each of its files is served for good", async () => {
    const urls = referredTo(await (await get("/docs")).text());
    expect(urls).toHaveLength(5);
    expect(urls).toContain("/openapi.json");
    for (const url of urls) {
      const response = await get(url);
      expect([url, response.status]).toEqual([url, 200]);
      expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(100);
      if (url !== "/openapi.json") {
        expect(url).toMatch(/^\/docs\/[\w-]+\.[0-9a-f]{16}\.(css|js|png)$/);
        expect(response.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
      }
    }
  });

  test("loads nothing else: its styles and its script name no other place", async () => {
    const styles = readDocsFile("swagger-ui.css").toString();
    const loaded = [...styles.matchAll(/(?:url\(|@import)\s*["']?([^"')\s]+)/g)].map(([, url]) => url);
    expect(loaded.filter((url) => !url?.startsWith("data:"))).toEqual([]);
    expect(readDocsFile("start.js").toString()).not.toMatch(/https?:/);
  });

  test("is kept by its policy from running or calling what is not this host's", async () => {
    const policy = (await get("/docs")).headers.get("content-security-policy") ?? "";
    const directives = new Map(
      policy.split("; ").map((directive) => directive.split(/ (.*)/) as [string, string]),
    );
    expect(directives.get("default-src")).toBe("'none'");
    expect(directives.get("script-src")).toBe("'self'");
    expect(directives.get("style-src")).toBe("'self'");
    expect(directives.get("connect-src")).toBe("'self'");
    expect(directives.get("frame-ancestors")).toBe("'none'");
    expect(readDocsFile("index.html").toString()).not.toMatch(
      /<script(?![^>]*\ssrc=)|<style|\s(on\w+|style)=/,
    );
  });

  test("is another when an asset is another", async () => {
    const changed = createServedFiles((name) =>
      name === "start.js" ? Buffer.from("changed") : readDocsFile(name),
    );
    const now = changed.map(({ path }) => path);
    const before = files.map(({ path }) => path);
    expect(now.filter((path) => !before.includes(path))).toEqual([expect.stringMatching(/^\/docs\/start\./)]);
    const page = (all: typeof files) => all.find(({ path }) => path === "/docs")?.hash;
    expect(page(changed)).not.toBe(page(files));
  });

  test("cannot refer to what is not there", () => {
    const broken = () =>
      createServedFiles((name) =>
        name === "index.html" ? Buffer.from('<script src="{{gone.js}}">') : readDocsFile(name),
      );
    expect(broken).toThrow("the page refers to gone.js");
  });
});

describe.each(files.map(({ path, type }) => [path, type] as const))("%s", (path, type) => {
  test("says what it is, and that nobody should guess", async () => {
    const response = await get(path);
    expect(response.headers.get("content-type")).toBe(type);
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(response.headers.get("served-by")).toBe("us-east-1");
  });

  test("is compressed for a client that takes it, with a tag of its own", async () => {
    const plain = await get(path);
    const compressed = await get(path, { "Accept-Encoding": "br, GZIP;q=0.5" });
    expect(compressed.headers.get("vary")).toBe("Accept-Encoding");
    expect(plain.headers.get("content-encoding")).toBeNull();
    const bytes = Buffer.from(await plain.arrayBuffer());
    if (type === "image/png") {
      expect(compressed.headers.get("content-encoding")).toBeNull();
      return;
    }
    expect(compressed.headers.get("content-encoding")).toBe("gzip");
    expect(compressed.headers.get("etag")).not.toBe(plain.headers.get("etag"));
    expect(gunzipSync(await compressed.arrayBuffer()).equals(bytes)).toBe(true);
  });

  test.each([{}, { "Accept-Encoding": "gzip" }])("is not sent again to who has it: %o", async (headers) => {
    const first = await get(path, headers);
    const again = await get(path, { ...headers, "If-None-Match": first.headers.get("etag") ?? "" });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe("");
    for (const name of ["etag", "cache-control", "vary"]) {
      expect(again.headers.get(name)).toBe(first.headers.get(name));
    }
    expect((await get(path, { ...headers, "If-None-Match": '"other"' })).status).toBe(200);
  });

  test("answers HEAD without a body, and a preflight", async () => {
    const head = await app.request(path, { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
    expect(head.headers.get("etag")).toBe((await get(path)).headers.get("etag"));
    const preflight = await app.request(path, { method: "OPTIONS" });
    expect([preflight.status, preflight.headers.get("allow")]).toEqual([204, "GET, HEAD, OPTIONS"]);
  });

  test("takes no other method", async () => {
    const response = await app.request(path, { method: "POST", body: "{}" });
    expect(response.headers.get("allow")).toBe("GET, HEAD, OPTIONS");
    await expectProblem(response, 405, "method-not-allowed");
  });
});

test.each([
  ["gzip", true],
  ["*", true],
  ["br;q=1.0, gzip ; q=0.2", true],
  ["gzip;q=0, *", false],
  ["identity", false],
  ["", false],
])("a client that sends Accept-Encoding: %s takes gzip: %s", async (header, takes) => {
  const response = await get("/openapi.json", { "Accept-Encoding": header });
  expect(response.headers.get("content-encoding")).toBe(takes ? "gzip" : null);
});

test.each(["/docs//", "/docs/swagger-ui-bundle.js", "/docs/../openapi.json.map", "/v1/products"])(
  "%s is not found",
  async (path) => {
    await expectProblem(await get(path), 404, "not-found");
  },
);

test("the page's address with a slash leads to the page", async () => {
  for (const method of ["GET", "HEAD"]) {
    const response = await app.request("/docs/", { method });
    expect([response.status, response.headers.get("location")]).toEqual([308, "/docs"]);
    expect(response.headers.get("served-by")).toBe("us-east-1");
  }
  await expectProblem(await app.request("/docs/", { method: "POST", body: "{}" }), 404, "not-found");
});

test("a bug is a problem too, and is logged", async () => {
  const broken = {
    ...files[0],
    path: "/openapi.json",
    gzipped: () => Promise.reject(new Error("no memory")),
  };
  app = createDocs({ ...deps, files: [broken as (typeof files)[number]] });
  await expectProblem(await get("/openapi.json", { "Accept-Encoding": "gzip" }), 500, "internal");
  expect(log.entries.map(({ level }) => level)).toEqual(["error", "info"]);
});

describe("as a function", () => {
  const responseBytesMax = 6_291_556; // Lambda's limit for an answer
  const event = (path: string, more: object = {}) => ({
    version: "2.0" as const,
    routeKey: "ANY /docs",
    rawPath: path,
    rawQueryString: "",
    headers: { host: "shop.example" },
    requestContext: {
      requestId: "GatewayId=",
      http: { method: "GET", path, protocol: "HTTP/1.1", sourceIp: "127.0.0.1", userAgent: "test" },
    },
    isBase64Encoded: false,
    ...more,
  });
  const invoke = (value: object) =>
    answerEvents(app, deps)(value as Parameters<ReturnType<typeof answerEvents>>[0]);

  test("every answer is one that Lambda can give, compressed or not", async () => {
    for (const { path, content, type } of files) {
      const plain = await invoke(event(path));
      expect(Buffer.from(plain.body, plain.isBase64Encoded ? "base64" : "utf8").equals(content)).toBe(true);
      const compressed = await invoke(event(path, { headers: { "accept-encoding": "gzip" } }));
      expect(compressed.isBase64Encoded).toBe(true);
      const bytes = Buffer.from(compressed.body, "base64");
      expect((type === "image/png" ? bytes : gunzipSync(bytes)).equals(content)).toBe(true);
      for (const answer of [plain, compressed]) {
        expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThan(responseBytesMax);
      }
    }
  });

  test("has the gateway's id, and refuses what is no request", async () => {
    const answer = await invoke(event("/docs"));
    expect(answer.headers).toMatchObject({ "request-id": "GatewayId=" });
    expect(log.entries).toMatchObject([
      { message: "served", requestId: "GatewayId=", path: "/docs", status: 200 },
    ]);
    const refused = await invoke(event("/docs", { body: "{}" }));
    expect(refused.statusCode).toBe(400);
    expect(JSON.parse(refused.body)).toMatchObject({ type: "urn:antipode:problem:malformed-request" });
  });
});
