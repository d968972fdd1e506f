import { afterEach, expect, test, vi } from "vitest";
import { type FakeAws, startFakeAws } from "../testing/fake-aws.ts";
import { testDeployment } from "../testing/test-world.ts";
import { ownItems, tablesElsewhere } from "./linked-tables.ts";

let server: FakeAws | undefined;
afterEach(() => {
  server?.close();
  vi.unstubAllEnvs();
});

const deployment = testDeployment("us-east-1");
const links = { Stock: { name: "antipode-test-Stock" } };
const key = { pk: "SKU#LAMP", sk: "CELL#us-east-1#1#0" };

async function startStore(): Promise<void> {
  server = await startFakeAws(() => ({
    status: 200,
    headers: { "content-type": "application/x-amz-json-1.0" },
    body: "{}",
  }));
  vi.stubEnv("AWS_ENDPOINT_URL_DYNAMODB", server.endpoint);
  vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
}

const asked = () =>
  server?.requests.map(({ headers, body }) => [
    JSON.parse(body).TableName,
    /Credential=test\/\d+\/([a-z0-9-]+)\//.exec(headers.authorization ?? "")?.[1],
  ]);

test("a linked table is asked by its physical name, in the own region or in another one", async () => {
  await startStore();
  expect(await ownItems(links, deployment, ["Stock"]).get("Stock", key)).toEqual({
    ok: true,
    value: undefined,
  });
  const elsewhere = tablesElsewhere(links, deployment, ["Stock"]);
  expect(await elsewhere.get("eu-west-1", "Stock", key)).toEqual({ ok: true, value: undefined });
  expect(await elsewhere.get("us-east-1", "Stock", key)).toMatchObject({ ok: false });
  expect(asked()).toEqual([
    ["antipode-test-Stock", "us-east-1"],
    ["antipode-test-Stock", "eu-west-1"],
  ]);
});

test("a function does not start without a table that it needs, and uses no other one", async () => {
  expect(() => ownItems(links, deployment, ["Stock", "Orders"])).toThrow();
  expect(() => tablesElsewhere(links, deployment, ["Carts"])).toThrow();
  await expect(ownItems(links, deployment, ["Stock"]).get("Orders", key)).rejects.toThrow("not linked");
});
