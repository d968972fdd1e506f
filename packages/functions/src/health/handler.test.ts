import { startDynamo } from "@antipode/local/testing";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { testTableNames, testTables } from "../testing/test-tables.ts";
import { testDeployment } from "../testing/test-world.ts";

interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

let dynamo: Awaited<ReturnType<typeof startDynamo>>;
let invoke: (path: string) => Promise<Answer>;

beforeAll(async () => {
  dynamo = await startDynamo({ regions: ["us-east-1"], tables: testTables });
  const links = {
    App: { name: "antipode", stage: "test-us-east-1" },
    Deployment: testDeployment(),
    ...Object.fromEntries(
      (["Carts", "Catalog", "Control", "Views"] as const).map((name) => [
        name,
        { name: testTableNames[name] },
      ]),
    ),
  };
  for (const [name, link] of Object.entries(links)) {
    vi.stubEnv(`SST_RESOURCE_${name}`, JSON.stringify(link));
  }
  vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
  vi.stubEnv("AWS_ENDPOINT_URL_DYNAMODB", dynamo.endpoint);
  vi.stubEnv("POWERTOOLS_LOG_LEVEL", "CRITICAL");
  const { handler } = await import("./handler.ts");
  invoke = (path) => {
    const event = {
      rawPath: path,
      rawQueryString: "",
      headers: {},
      isBase64Encoded: false,
      requestContext: {
        domainName: "us-east-1.shop.example",
        http: { method: "GET" },
        requestId: "JKJaXmPLvHcESHA=",
      },
    };
    return handler(event);
  };
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await dynamo.close();
});

test("the Health function answers checkers from the tables alone: no secret is linked to it", async () => {
  const health = await invoke("/health");
  expect([health.statusCode, JSON.parse(health.body)]).toEqual([
    200,
    { status: "ready", region: "us-east-1" },
  ]);
  expect(health.headers).toMatchObject({ "served-by": "us-east-1", "request-id": "JKJaXmPLvHcESHA=" });
  expect((await invoke("/ramped")).statusCode).toBe(200);
  expect((await invoke("/drain-votes/eu-west-1")).statusCode).toBe(404);
});
