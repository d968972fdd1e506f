/** The specification's page from the committed graphs: routes, function, and the files beside its bundle. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root } from "../cli/root.ts";
import { createWallScheduler } from "../links/scheduler.ts";
import { planWorld } from "../provision/plan.ts";
import { createHttpApi, type HttpApi } from "../services/apigateway/http-api.ts";
import { bundleFunctions, createLambda, type Lambda } from "../services/lambda/lambda.ts";
import { committedGraphs } from "../testing/start-world.ts";
import { worldSecrets } from "./secrets.ts";

const region = "eu-west-1";
const apiAnswer = { statusCode: 404, body: "from the shop" };
let workDir = "";
let lambda: Lambda;
let api: HttpApi;

beforeAll(async () => {
  workDir = await mkdtemp(path.join(tmpdir(), "antipode-docs-"));
  const plan = planWorld(committedGraphs(), worldSecrets());
  const functions = plan.functions.filter((one) => one.region === region && one.name.endsWith("-Docs"));
  const planned = plan.apis.find((one) => one.region === region);
  if (functions.length !== 1 || planned === undefined) throw new Error(`${region} serves no page`);
  const clock = { now: () => Date.now() };
  const scheduler = createWallScheduler();
  lambda = createLambda({
    functions,
    bundles: await bundleFunctions(functions, { root, outDir: workDir }),
    endpointUrl: () => "http://127.0.0.1:1", // a call of AWS would fail
    clock,
    scheduler,
  });
  api = await createHttpApi({
    api: { apiId: planned.id, routes: planned.routes },
    region,
    links: { cross: async () => {} },
    clock,
    scheduler,
    invoke: async (arn, payload) =>
      lambda.find(arn) === undefined
        ? { requestId: "", payload: JSON.stringify(apiAnswer), logTail: "" }
        : lambda.invoke(arn, payload),
  });
});

afterAll(async () => {
  await api?.close();
  await lambda?.close();
  await rm(workDir, { recursive: true, force: true });
});

test("the page comes with every file it refers to, from this region", async () => {
  const response = await fetch(`${api.url}/docs`);
  expect([response.status, response.headers.get("served-by")]).toEqual([200, region]);
  const urls = [...(await response.text()).matchAll(/\s(?:src|href)="([^"]*)"/g)].map(([, url = ""]) => url);
  expect(urls).toHaveLength(5);
  for (const url of urls) {
    expect(url).toMatch(/^\/(docs\/[^/]+|openapi\.json)$/);
    const file = await fetch(`${api.url}${url}`); // asks for gzip, and unpacks it
    expect([url, file.status]).toEqual([url, 200]);
    expect(file.headers.get("content-encoding")).toBe(url.endsWith(".png") ? null : "gzip");
    expect((await file.arrayBuffer()).byteLength).toBeGreaterThan(100);
  }
});

test("the specification is the committed one", async () => {
  const response = await fetch(`${api.url}/openapi.json`);
  expect(response.headers.get("content-type")).toBe("application/json");
  const committed = await readFile(path.join(root, "packages/functions/src/docs/openapi.json"), "utf8");
  expect(await response.text()).toBe(committed);
});

test("every method of its paths is the page's to answer, and no other path", async () => {
  const ask = async (method: string, target: string) => {
    const response = await fetch(`${api.url}${target}`, { method });
    return [response.status, (await response.text()).slice(0, 13)];
  };
  expect(await ask("HEAD", "/docs")).toEqual([200, ""]);
  expect((await ask("DELETE", "/docs"))[0]).toBe(405);
  expect((await ask("POST", "/openapi.json"))[0]).toBe(405);
  expect((await ask("GET", "/docs/a/b"))[0]).toBe(404);
  expect(await ask("GET", "/docsx")).toEqual([404, "from the shop"]);
  expect(await ask("GET", "/v1/products")).toEqual([404, "from the shop"]);
});
