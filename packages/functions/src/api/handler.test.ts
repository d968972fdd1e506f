import { cartKey, isCartId, productToItems, toAttributes } from "@antipode/core";
import { origin, productId, sku, ulidAt } from "@antipode/core/testing";
import { startDynamo } from "@antipode/local/testing";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { testDynamoClient, testTableNames, testTables } from "../testing/test-tables.ts";
import { testDeployment, testKeySet } from "../testing/test-world.ts";
import { newCartSchema } from "./routes/carts/contract.ts";

interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The parts of an API Gateway event that tests vary, well-formed or not. */
interface TestEvent {
  readonly method: string;
  readonly rawPath: string;
  readonly rawQueryString?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

let dynamo: Awaited<ReturnType<typeof startDynamo>>;
let invoke: (event: TestEvent) => Promise<Answer>;

/** What SST and Lambda put in a function's environment. */
function stubEnvironment(endpoint: string): void {
  const links = {
    App: { name: "antipode", stage: "test-us-east-1" },
    Deployment: testDeployment(),
    Carts: { name: testTableNames.Carts },
    Catalog: { name: testTableNames.Catalog },
    Conflicts: { name: testTableNames.Conflicts },
    Control: { name: testTableNames.Control },
    Views: { name: testTableNames.Views },
    SessionKeys: { value: testKeySet },
  };
  for (const [name, link] of Object.entries(links)) {
    vi.stubEnv(`SST_RESOURCE_${name}`, JSON.stringify(link));
  }
  vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
  vi.stubEnv("AWS_ENDPOINT_URL_DYNAMODB", endpoint);
  vi.stubEnv("POWERTOOLS_LOG_LEVEL", "CRITICAL");
}

beforeAll(async () => {
  dynamo = await startDynamo({ regions: ["us-east-1"], tables: testTables });
  stubEnvironment(dynamo.endpoint);
  const { handler } = await import("./handler.ts");
  invoke = async ({ method, rawPath, ...rest }) => {
    const event = {
      version: "2.0",
      routeKey: "$default",
      rawPath,
      rawQueryString: "",
      headers: {},
      isBase64Encoded: false,
      requestContext: {
        accountId: "1",
        apiId: "a",
        domainName: "us-east-1.shop.example",
        domainPrefix: "us-east-1",
        http: { method, path: rawPath, protocol: "HTTP/1.1", sourceIp: "127.0.0.1", userAgent: "" },
        requestId: "JKJaXmPLvHcESHA=",
        routeKey: "$default",
        stage: "$default",
        time: "",
        timeEpoch: 0,
      },
      ...rest,
    };
    return handler(event);
  };
});

afterAll(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await dynamo.close();
});

/** The changes that are written by compare and swap: set, set again, remove, and merge a guest's cart. */
async function changes(id: string, headers: Readonly<Record<string, string>>): Promise<void> {
  const nowMs = Date.now();
  const change = async (number: number, event: Pick<TestEvent, "method" | "rawPath" | "body">) => {
    const answer = await invoke({
      ...event,
      headers: { ...headers, "idempotency-key": ulidAt(nowMs, number) },
    });
    expect(answer.statusCode, answer.body).toBe(200);
    return { ...JSON.parse(answer.body), etag: answer.headers["etag"] };
  };
  const line = { method: "PUT", rawPath: `/v1/carts/${id}/lines/LAMP` };
  const set = await change(2, { ...line, body: '{"quantity":7}' });
  expect(set).toMatchObject({ lines: [{ sku: "LAMP", quantity: 7 }], etag: '"us-east-1#1:2"' });
  expect(await change(2, { ...line, body: '{"quantity":7}' })).toMatchObject({ etag: '"us-east-1#1:2"' });
  expect(await change(3, { ...line, method: "DELETE" })).toMatchObject({
    lines: [],
    etag: '"us-east-1#1:3"',
  });

  const made = await invoke({ method: "POST", rawPath: "/v1/carts" });
  const guest = newCartSchema.parse(JSON.parse(made.body));
  const token = guest.session.token;
  const added = await invoke({
    method: "POST",
    rawPath: `/v1/carts/${guest.id}/lines`,
    headers: { ...headers, authorization: `Bearer ${token}`, "idempotency-key": ulidAt(nowMs, 4) },
    body: '{"sku":"LAMP","quantity":3}',
  });
  expect(added.statusCode).toBe(200);
  const body = JSON.stringify({ cart: guest.id, token });
  expect(await change(5, { method: "POST", rawPath: `/v1/carts/${id}/merge`, body })).toMatchObject({
    lines: [{ sku: "LAMP", quantity: 3 }],
  });
}

describe("the API function, from event to table", () => {
  test("sells: lists, reads, makes a cart, adds once for two sends, reads it back", async () => {
    const us = origin("us-east-1#1");
    const lamp = {
      id: productId("desk-lamp"),
      category: "home" as const,
      title: "Lamp",
      description: "",
      media: [],
      variants: [{ sku: sku("LAMP"), title: "Only", prices: [] }],
    };
    const shown = { ...lamp, conflicts: [] };
    const { view } = productToItems(lamp, us, { ms: 1, counter: 0, origin: us });
    await testDynamoClient(dynamo.endpoint, "us-east-1").send(
      new PutItemCommand({ TableName: testTableNames.Views, Item: toAttributes(view) }),
    );
    const listed = await invoke({ method: "GET", rawPath: "/v1/products", rawQueryString: "category=home" });
    expect([listed.statusCode, JSON.parse(listed.body)]).toEqual([200, { items: [shown], next: null }]);
    expect(JSON.parse((await invoke({ method: "GET", rawPath: "/v1/products/desk-lamp" })).body)).toEqual(
      shown,
    );

    const made = await invoke({ method: "POST", rawPath: "/v1/carts" });
    const { id, session } = newCartSchema.parse(JSON.parse(made.body));
    const headers = {
      authorization: `Bearer ${session.token}`,
      "content-type": "application/json",
      "idempotency-key": ulidAt(Date.now(), 1),
    };
    const line = {
      method: "POST",
      rawPath: `/v1/carts/${id}/lines`,
      headers,
      body: '{"sku":"LAMP","quantity":2}',
    };
    const answers = [await invoke(line), await invoke(line)];
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
    const read = await invoke({ method: "GET", rawPath: `/v1/carts/${id}`, headers });
    expect(JSON.parse(read.body)).toMatchObject({ lines: [{ sku: "LAMP", quantity: 2 }] });
    expect(read.headers).toMatchObject({
      etag: '"us-east-1#1:1"',
      "served-by": "us-east-1",
      "request-id": "JKJaXmPLvHcESHA=",
    });
    expect(isCartId(id) && cartKey(id, us).sk).toBe("R#us-east-1#1");
    await changes(id, headers);
  });

  test("is ready while its tables answer, and says that nobody has heard it", async () => {
    const { statusCode, body } = await invoke({ method: "GET", rawPath: "/ready" });
    expect([statusCode, JSON.parse(body)]).toEqual([200, expect.objectContaining({ selling: "no-lease" })]);
  });

  test.each([
    { method: "GET", rawPath: "/v1/products", body: "{}" },
    { method: "TRACE", rawPath: "/v1/products" },
    { method: "A B", rawPath: "/v1/products" },
    { method: "GET", rawPath: "/v1/products/é" },
    { method: "GET", rawPath: "/v1/products/\u0000" },
    { method: "GET", rawPath: "//[" },
    { method: "GET", rawPath: "v1/carts" },
    { method: "GET", rawPath: "/v1/products", rawQueryString: "%" },
    { method: "GET", rawPath: "/v1/products", headers: { "x y": "z" } },
    { method: "POST", rawPath: "/v1/carts", body: "%%%", isBase64Encoded: true },
  ])("refuses $method $rawPath as a problem when Lambda brings what HTTP does not", async (event) => {
    const answer = await invoke(event);
    expect([400, 404, 405, 415, 422]).toContain(answer.statusCode);
    expect(answer.headers).toMatchObject({
      "content-type": "application/problem+json",
      "served-by": "us-east-1",
    });
  });
});
