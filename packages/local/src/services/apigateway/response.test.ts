import { describe, expect, test } from "vitest";
import { internalServerError, toResponse } from "./response.ts";

const mapped = (answer: unknown) => {
  const response = toResponse(JSON.stringify(answer));
  return { ...response, body: response.body.toString() };
};

describe("an answer with a status code", () => {
  test("is the response", () => {
    const answer = {
      statusCode: 201,
      headers: { "Content-Type": "application/json", "X-Count": 3, "Content-Length": 99 },
      cookies: ["a=1; Path=/", "b=2"],
      body: "{}",
    };
    expect(mapped(answer)).toEqual({
      status: 201,
      headers: { "content-type": "application/json", "x-count": "3" },
      cookies: ["a=1; Path=/", "b=2"],
      body: "{}",
    });
  });

  test("may be bare of everything else", () => {
    expect(mapped({ statusCode: 204 })).toEqual({ status: 204, headers: {}, cookies: [], body: "" });
    expect(mapped({ statusCode: 200, headers: null, body: null })).toMatchObject({ status: 200, body: "" });
  });

  test("without a content type is text", () => {
    expect(mapped({ statusCode: 200, body: "x" }).headers).toEqual({
      "content-type": "text/plain;charset=UTF-8",
    });
  });

  test("carries bytes in base64", () => {
    const response = toResponse(JSON.stringify({ statusCode: 200, body: "/wBB", isBase64Encoded: true }));
    expect([...response.body]).toEqual([0xff, 0x00, 0x41]);
  });
});

describe("an answer without one is the body of a 200", () => {
  test.each([
    [{ a: 1 }, '{"a":1}'],
    ["hello", "hello"],
    [[1], "[1]"],
    [null, "null"],
    [3, "3"],
  ])("%j", (answer, body) => {
    expect(mapped(answer)).toEqual({
      status: 200,
      headers: { "content-type": "application/json" },
      cookies: [],
      body,
    });
  });
});

describe("an answer that makes no response is the gateway's 500", () => {
  test.each([
    { statusCode: "many" },
    { statusCode: 99 },
    { statusCode: 200.5 },
    { statusCode: 200, body: { not: "text" } },
    { statusCode: 200, headers: ["a"] },
    { statusCode: 200, headers: { a: {} } },
    { statusCode: 200, cookies: "a=1" },
  ])("%j", (answer) => {
    expect(toResponse(JSON.stringify(answer))).toEqual(internalServerError);
  });

  test("what is not JSON", () => {
    expect(toResponse("{")).toEqual(internalServerError);
  });
});
