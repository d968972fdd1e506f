import { ulidAt } from "@antipode/core/testing";
import fc from "fast-check";
import { handle, type LambdaEvent } from "hono/aws-lambda";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { eventToRequest, type HttpEvent } from "../platform/web/event-request.ts";
import { anyEvent, eventOf, toEvent } from "../testing/any-event.ts";
import * as ours from "../testing/test-world.ts";
import { answerEvents } from "./answer-events.ts";
import { newCartSchema } from "./routes/carts/contract.ts";

/**
 * Hono's own adapter over real `Request`s and `Response`s is the specification: the same events, one after the other
 * in two worlds that begin alike, are answered alike.
 */
async function stockWorld() {
  vi.resetModules();
  vi.doMock("../platform/web/plain-response.ts", () => ({
    plainResponse: (body: string | null, init: ResponseInit) => new Response(body, init),
  }));
  const stock = await import("../testing/test-world.ts");
  const { headersOfEveryAnswer } = await import("./every-answer.ts");
  const { problemResponse } = await import("./problems.ts");
  const { requestIdOf } = await import("./request-id.ts");
  vi.doUnmock("../platform/web/plain-response.ts");
  vi.resetModules();
  const api = stock.createTestApi();
  const invoke = handle(api.app);

  /** What the adapter answers in plain text is no request, and refused as a problem. */
  async function refused(event: HttpEvent) {
    const requestId = requestIdOf(event, api);
    const detail = "This is not a request that HTTP allows.";
    const response = problemResponse({ name: "malformed-request", detail }, requestId);
    const headers = new Headers([...response.headers]);
    for (const [name, value] of Object.entries(headersOfEveryAnswer(api.deployment, requestId))) {
      headers.set(name, value);
    }
    const body = await response.text();
    return { statusCode: 400, headers: Object.fromEntries(headers), body, isBase64Encoded: false };
  }

  const answer = async (event: HttpEvent) => {
    const given = await invoke(event as unknown as LambdaEvent);
    return given.headers?.["served-by"] === undefined ? refused(event) : given;
  };
  return { api, answer };
}

function plainWorld() {
  const api = ours.createTestApi();
  return { api, answer: answerEvents(api.app, api) };
}

type World = Awaited<ReturnType<typeof stockWorld>> | ReturnType<typeof plainWorld>;

/** Two carts of two shoppers, and who may ask for what. */
async function furnish({ api, answer }: World): Promise<(text: string) => string> {
  const open = async () => newCartSchema.parse(JSON.parse((await answer(eventOf("POST", "/v1/carts"))).body));
  const [mine, yours, admin] = [await open(), await open(), await ours.adminToken(api.sessions)];
  return (text) =>
    text
      .replace("MINE", mine.id)
      .replace("YOURS", yours.id)
      .replace("GOOD", mine.session.token)
      .replace("ADMIN", admin);
}

describe("an event is answered as by Hono's own adapter", () => {
  let stock: Awaited<ReturnType<typeof stockWorld>>;

  beforeAll(async () => {
    vi.spyOn(console, "error").mockImplementation(() => {}); // Hono's adapter prints what it cannot read
    stock = await stockWorld();
  });

  afterAll(() => {
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  });

  test("whatever it holds: the same status, headers and body", async () => {
    const plain = plainWorld();
    const fill = await furnish(plain);
    await furnish(stock);
    const statuses = new Set<number>();
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(anyEvent, async (given) => {
        const event = toEvent(given, fill);
        const answer = await plain.answer(event);
        expect(answer).toEqual(await stock.answer(structuredClone(event)));
        statuses.add(answer.statusCode);
        refused += eventToRequest(event).ok ? 0 : 1;
      }),
      { numRuns: 4_000 },
    );
    const served = ({ api }: World) => api.log.entries.filter(({ message }) => message !== "refused");
    expect(served(plain)).toEqual(served(stock));
    // All sorts of events were among them, or this test would prove little.
    expect(refused).toBeGreaterThan(100);
    expect([...statuses]).toEqual(
      expect.arrayContaining([200, 201, 204, 400, 401, 403, 404, 405, 413, 415, 422, 503]),
    );
  });

  test("without the web's own classes, whose first use loads Node's HTTP client", async () => {
    const plain = plainWorld();
    const fill = await furnish(plain);
    const refuseAll = (name: string) =>
      vi.stubGlobal(
        name,
        class {
          constructor() {
            throw new Error(`${name} was used`);
          }
        },
      );
    ["Request", "Response", "Headers", "FormData"].map(refuseAll);
    const body = '{"sku":"LAMP-BLACK","quantity":1}';
    const headers = { authorization: `Bearer ${fill("GOOD")}`, "content-type": "application/json" };
    const events = [
      eventOf("GET", "/v1/regions"),
      eventOf("GET", "/v1/products/desk-lamp"),
      eventOf("POST", fill("/v1/carts/MINE/lines"), {
        headers: { ...headers, "idempotency-key": ulidAt(ours.startMs, 7) },
        body,
      }),
      eventOf("OPTIONS", "/v1/regions"),
      eventOf("TRACE", "/v1/regions"),
    ];
    const answers = await Promise.all(events.map((event) => plain.answer(event)));
    vi.unstubAllGlobals();
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 404, 200, 204, 400]);
    expect(plain.api.log.entries.filter(({ level }) => level === "error")).toEqual([]);
  });
});
