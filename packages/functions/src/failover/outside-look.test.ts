import { expect, test } from "vitest";
import { createOutsideLook, type OutsideLookOptions } from "./outside-look.ts";

const look = (answer: () => Promise<Response>, more: Partial<OutsideLookOptions> = {}) => {
  const asked: string[] = [];
  const origins: (string | null)[] = [];
  const fetch = (url: Parameters<typeof globalThis.fetch>[0], init?: RequestInit) => {
    asked.push(String(url));
    origins.push(new Headers(init?.headers).get("Origin"));
    return answer();
  };
  const urlOf = (region: string) => `https://${region}.shop.example`;
  return {
    asked,
    origins,
    ...createOutsideLook({
      domain: "shop.example",
      urlOf,
      fetch,
      unique: () => `LOOK${asked.length}`,
      resolveCname: async () => [],
      ...more,
    }),
  };
};
const refused = Object.assign(new Error("fetch failed"), {
  cause: Object.assign(new Error("no"), { code: "ECONNREFUSED" }),
});
const well = async () => new Response("{}", { headers: { "Served-By": "us-east-1" } });

test("asks a region's own name, and says why there is no answer", async () => {
  const { status, asked } = look(well);
  expect(await status("eu-west-1", "/health")).toEqual({ ok: true, value: 200 });
  expect(asked).toEqual(["https://eu-west-1.shop.example/health"]);
  const dead = look(() => Promise.reject(refused));
  expect(await dead.status("eu-west-1", "/health")).toEqual({ ok: false, error: "ECONNREFUSED" });
  const slow = look(() => Promise.reject(new DOMException("timed out", "TimeoutError")));
  expect(await slow.status("eu-west-1", "/health")).toEqual({ ok: false, error: "no answer within 4000 ms" });
});

test("looks up where a name leads, where there are names", async () => {
  const asked: string[] = [];
  const resolveCname = async (name: string) => {
    asked.push(name);
    return ["eu-west-1.shop.example"];
  };
  const named = look(well, { resolveCname });
  expect(await named.leadsTo("failover")).toEqual({ ok: true, value: "eu-west-1.shop.example" });
  expect(asked).toEqual(["failover.shop.example"]);
  expect(await look(well, { domain: "", resolveCname }).leadsTo("failover")).toEqual({
    ok: true,
    value: undefined,
  });
  const error = Object.assign(new Error("no"), { code: "ENOTFOUND" });
  const gone = look(well, { resolveCname: () => Promise.reject(error) });
  expect(await gone.leadsTo("failover")).toEqual({ ok: false, error: "ENOTFOUND" });
  expect(await look(well).leadsTo("failover")).toMatchObject({ ok: false });
});

test("reads the catalog through the CDN, where there is one", async () => {
  const edgeUrl = "https://shop.example";
  const edge = look(well, { edgeUrl });
  expect(await edge.edgeServedBy()).toEqual({ ok: true, value: "us-east-1" });
  expect(await edge.edgeServedBy()).toEqual({ ok: true, value: "us-east-1" });
  expect(new Set(edge.asked)).toEqual(new Set(["https://shop.example/v1/products"]));
  expect(edge.origins).toEqual(["https://look0.shop.example", "https://look1.shop.example"]); // no kept answer
  expect(await look(well).edgeServedBy()).toEqual({ ok: true, value: undefined });
  const failing = look(async () => new Response("", { status: 503 }), { edgeUrl });
  expect(await failing.edgeServedBy()).toEqual({ ok: false, error: "status 503, of no region" });
  expect(await look(() => Promise.reject(refused), { edgeUrl }).edgeServedBy()).toMatchObject({ ok: false });
});
