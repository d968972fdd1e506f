import { describe, expect, test } from "vitest";
import type { HttpRequest } from "./event.ts";
import { decodedPath, toEvent } from "./event.ts";

const context = {
  account: "111122223333",
  apiId: "abc123",
  stage: "$default",
  requestId: "r-1",
  nowMs: Date.UTC(2020, 2, 12, 19, 3, 58, 5),
};
const match = { route: { routeKey: "$default", functionArn: "arn" }, pathParameters: {} };

function event(request: Partial<HttpRequest>, parameters: Record<string, string> = {}) {
  const whole: HttpRequest = {
    method: "GET",
    target: "/",
    rawHeaders: ["Host", "api.example.com:8080"],
    body: Buffer.alloc(0),
    sourceIp: "127.0.0.1",
    port: 8080,
    ...request,
  };
  return toEvent(whole, decodedPath(whole.target) ?? "", { ...match, pathParameters: parameters }, context);
}

test("a whole request in payload format 2.0", () => {
  const made = event({
    method: "POST",
    target: "/v1/carts/c%201/lines?a=1&b=x%20y&a=2&flag",
    rawHeaders: [
      ...["Host", "api.example.com:8080", "User-Agent", "curl/8", "Content-Type", "application/json"],
      ...["Accept", "text/html", "accept", "text/plain", "Cookie", "one=1; two=2", "cookie", "three=3"],
      ...["X-Forwarded-For", "203.0.113.9", "Connection", "keep-alive"],
    ],
    body: Buffer.from('{"sku":"ü"}'),
  });
  expect(made).toEqual({
    version: "2.0",
    routeKey: "$default",
    rawPath: "/v1/carts/c 1/lines",
    rawQueryString: "a=1&b=x%20y&a=2&flag",
    cookies: ["one=1", "two=2", "three=3"],
    headers: {
      host: "api.example.com:8080",
      "user-agent": "curl/8",
      "content-type": "application/json",
      accept: "text/html,text/plain",
      "x-forwarded-for": "203.0.113.9, 127.0.0.1",
      "x-forwarded-port": "8080",
      "x-forwarded-proto": "http",
    },
    queryStringParameters: { a: "1,2", b: "x y", flag: "" },
    requestContext: {
      accountId: "111122223333",
      apiId: "abc123",
      domainName: "api.example.com",
      domainPrefix: "api",
      http: {
        method: "POST",
        path: "/v1/carts/c 1/lines",
        protocol: "HTTP/1.1",
        sourceIp: "127.0.0.1",
        userAgent: "curl/8",
      },
      requestId: "r-1",
      routeKey: "$default",
      stage: "$default",
      time: "12/Mar/2020:19:03:58 +0000",
      timeEpoch: context.nowMs,
    },
    body: '{"sku":"ü"}',
    isBase64Encoded: false,
  });
});

test("what a request does not have is absent", () => {
  const made = event({});
  for (const name of ["cookies", "queryStringParameters", "pathParameters", "body"]) {
    expect(made).not.toHaveProperty(name);
  }
  expect(made).toMatchObject({ rawQueryString: "", isBase64Encoded: false });
});

test("path parameters are handed on", () => {
  expect(event({}, { id: "p 1" }).pathParameters).toEqual({ id: "p 1" });
});

describe("the path", () => {
  test.each([
    ["/a%2Fb?x=1", "/a/b"],
    ["/caf%C3%A9", "/café"],
    ["/a%3Fadmin=true/b", "/a"],
    ["/", "/"],
    ["/a%zz", undefined],
  ])("%s is seen as %s", (target, path) => {
    expect(decodedPath(target)).toBe(path);
  });
});

describe("a body", () => {
  const bytes = Buffer.from([0xff, 0x00, 0x41]);
  test.each([
    ["application/json; charset=utf-8", false],
    ["application/problem+json", false],
    ["text/csv", false],
    ["application/xml", false],
    ["application/x-www-form-urlencoded", true],
    ["application/octet-stream", true],
    ["image/png", true],
  ])("of %s is base64: %s", (type, isBase64Encoded) => {
    const body = isBase64Encoded ? bytes : Buffer.from("text");
    const made = event({ rawHeaders: ["content-type", type], body });
    expect(made).toMatchObject({ isBase64Encoded, body: isBase64Encoded ? "/wBB" : "text" });
  });

  test("that is compressed is base64, whatever its type", () => {
    const rawHeaders = ["content-type", "application/json", "content-encoding", "gzip"];
    expect(event({ rawHeaders, body: bytes })).toMatchObject({ isBase64Encoded: true, body: "/wBB" });
  });
});
