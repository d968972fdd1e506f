import { err, ok, type Result } from "@antipode/core";
import { beforeEach, describe, expect, it } from "vitest";
import type { Refusal } from "./ask-world.ts";
import { createShopDouble, names, urlOf } from "./regions/testing/shop-double.ts";
import { runWorldCommand } from "./world-command.ts";

let shop: ReturnType<typeof createShopDouble>;
let asked: unknown[][];
let answers: Record<string, Result<unknown, Refusal>>;

beforeEach(() => {
  shop = createShopDouble();
  asked = [];
  answers = {
    "/status": ok({ regions: names.map((region) => ({ region, api: urlOf(region), up: true })) }),
    "/token": ok({ token: "t1" }),
  };
});

const run = (line: string) =>
  runWorldCommand(line.split(" "), {
    regions: names,
    shop: shop.ports,
    ask: async (...question) => {
      asked.push(question);
      return answers[question[0]] ?? ok({});
    },
  });

describe("npm run world", () => {
  it("drains a region by the world's own API, with a token of the world", async () => {
    shop.show({ state: "drained", drainedBy: "operator" });
    expect(await run("drain eu-west-1 --reason flood")).toEqual({
      exitCode: 0,
      out: expect.stringMatching(/^eu-west-1 is drained by an operator; written down in us-east-1/),
    });
    expect(asked).toEqual([["/status"], ["/token", { name: "operator" }]]);
    expect(shop.calls[0]).toMatchObject({ authorization: "Bearer t1" });
  });

  it("restores it", async () => {
    expect(await run("restore eu-west-1 --reason dry --via ap-south-1")).toMatchObject({ exitCode: 0 });
    expect(shop.calls[0]?.url).toBe("https://ap-south-1.shop.test/v1/regions/eu-west-1/restore");
  });

  it.each(["drain", "drain mars-1 --reason x", "restore eu-west-1"])(
    "%s is wrong, and nothing is asked",
    async (line) => {
      expect(await run(line)).toMatchObject({ exitCode: 2 });
      expect([asked, shop.calls]).toEqual([[], []]);
    },
  );

  it.each(["/status", "/token"])("says so where the world does not answer %s", async (path) => {
    answers[path] = err({ usage: false, text: "no world is running" });
    expect(await run("drain eu-west-1 --reason x")).toEqual({ exitCode: 1, error: "no world is running" });
    expect(shop.calls).toEqual([]);
  });

  it("help names both", async () => {
    const { out } = await run("help");
    for (const action of ["drain A --reason", "restore A --reason"]) expect(out).toContain(action);
  });
});
