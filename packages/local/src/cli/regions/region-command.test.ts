import { beforeEach, describe, expect, it } from "vitest";
import type { ShopSettings } from "./find-shop.ts";
import { runRegionCommand } from "./region-command.ts";
import { createShopDouble, names } from "./testing/shop-double.ts";

let shop: ReturnType<typeof createShopDouble>;

beforeEach(() => {
  shop = createShopDouble();
});

const deployed: ShopSettings = { domain: "shop.test", token: "t0" };

const run = (line: string, settings = deployed) =>
  runRegionCommand(line === "" ? [] : line.split(" "), { ...shop.ports, regions: names, settings });

describe("npm run region", () => {
  it.each(["help", "--help", "drain eu-west-1 -h"])("%s helps", async (line) => {
    const { exitCode, out } = await run(line);
    expect(exitCode).toBe(0);
    for (const word of ["status", "drain A", "restore A", "--url", "ANTIPODE_DOMAIN", "ANTIPODE_TOKEN"]) {
      expect(out).toContain(word);
    }
    expect(shop.calls).toEqual([]);
  });

  it.each<[string, RegExp, ShopSettings?]>([
    ["", /^which command\? Choose from status, drain, restore, help/],
    ["close eu-west-1", /^unknown command "close": choose from status/],
    ["status now", /^unknown word "now"/],
    ["status --via mars-1", /mars-1.*us-east-1/],
    ["drain", /^which region\?/],
    ["drain eu-west-1 --reason x\u001b[2J", /^--reason takes one line/],
    ["drain eu-west-1 --reason x", /^ANTIPODE_TOKEN is not set/, { domain: "shop.test" }],
    ["status", /^which shop\? Set ANTIPODE_DOMAIN, or give --url/, {}],
    ["status", /^ANTIPODE_DOMAIN is not a domain/, { domain: "shop.test/evil" }],
    ["status --url", /^--url takes an address, and none is given/],
    ["status --url http://us-east-1.shop.test", /^--url takes https:/],
    ["status --url https://us-east-1.shop.test/v1", /^--url takes https:/],
    ["status --url https://a:b@us-east-1.shop.test", /^--url takes https:/],
    ["status --url nowhere", /^--url takes https:/],
  ])("%s is wrong, and nothing is asked", async (line, error, settings = deployed) => {
    const said = await run(line, settings);
    expect(said).toEqual({ exitCode: 2, error: expect.stringMatching(error) });
    expect(said.error).not.toContain("\n");
    expect(shop.calls).toEqual([]);
  });

  it("status shows how each region stands, and how long writes take between those that answer", async () => {
    shop.show({
      state: "drained",
      drainedBy: "votes",
      since: "2026-10-09T08:00:00.000Z",
      voters: ["us-east-1"],
      lastRun: { kind: "failover", outcome: "pending", by: "ap-south-1", failed: ["names", "edge"] },
    });
    shop.down.add("ap-south-1");
    const { exitCode, out = "" } = await run("status", { domain: "shop.test" });
    expect(exitCode).toBe(0);
    expect(out.split("\n").map((line) => line.replace(/ {2,}/g, " | "))).toEqual([
      "as us-east-1 sees them:",
      "region | state | by | since | voted against by | last run",
      "us-east-1 | open | - | - | - | -",
      "eu-west-1 | drained | votes | 2026-10-09T08:00:00.000Z | us-east-1 | failover pending by ap-south-1 (names, edge failed)",
      "ap-south-1 | open | - | - | - | -",
      "",
      "replication (rows send, columns receive and measured): median / 99 % of the newest day",
      expect.stringMatching(/^ *\|? ?us-east-1 \| eu-west-1$/),
      "us-east-1 | · | 80 / 212 ms",
      "eu-west-1 | 80 / 212 ms | ·",
      "ap-south-1 | 80 / 212 ms | 80 / 212 ms",
      "ap-south-1 does not answer",
    ]);
    expect(shop.tokensSentTo()).toEqual([]);
  });

  it("status as one region sees it, and as JSON", async () => {
    const { out } = await run("status --via ap-south-1 --json");
    expect(JSON.parse(out ?? "")).toMatchObject({
      answers: [
        { region: "ap-south-1", value: { servedBy: "ap-south-1", lag: [{ days: [{ count: 4 }] }, {}] } },
      ],
      unanswered: [],
      notAsked: ["us-east-1", "eu-west-1"],
    });
    expect(shop.calls.map(({ url }) => url)).toEqual(["https://ap-south-1.shop.test/v1/regions"]);
  });

  it("status by an address of another domain says whom it could not ask", async () => {
    const { out = "" } = await run("status --url http://127.0.0.1:4101");
    expect(out.split("\n").at(-1)).toBe("not asked: eu-west-1, ap-south-1");
    expect(shop.calls.map(({ url }) => new URL(url).host)).not.toContain("eu-west-1.shop.test");
  });

  it("status of a shop that does not answer fails", async () => {
    for (const name of names) shop.down.add(name);
    expect(await run("status")).toEqual({
      exitCode: 1,
      error: "us-east-1 does not answer; eu-west-1 does not answer; ap-south-1 does not answer",
    });
    expect(await run("status --url https://us-east-1.shop.test")).toEqual({
      exitCode: 1,
      error: "us-east-1.shop.test does not answer",
    });
  });

  it("drains by the token of the environment", async () => {
    shop.show({ state: "drained", drainedBy: "operator" });
    expect(await run("drain eu-west-1 --reason flood")).toMatchObject({ exitCode: 0 });
    expect(shop.tokensSentTo()).toEqual(["us-east-1.shop.test"]);
  });

  it("knows the others by one's address, of the same domain alone", async () => {
    shop.show({ state: "drained", drainedBy: "operator" });
    shop.down.add("ap-south-1");
    expect(
      await run("drain us-east-1 --reason flood --url=https://us-east-1.shop.test", { token: "t0" }),
    ).toMatchObject({
      exitCode: 1,
    });
    expect(shop.tokensSentTo()).toEqual(["eu-west-1.shop.test"]);
  });

  it("sends no token to addresses of another domain, whatever an answer says", async () => {
    shop.show({ state: "drained", drainedBy: "operator" });
    const said = await run("drain eu-west-1 --reason flood --url http://127.0.0.1:4101", { token: "t0" });
    expect(said).toMatchObject({ exitCode: 0 });
    expect(shop.tokensSentTo()).toEqual(["127.0.0.1:4101"]);
    expect(await run("restore eu-west-1 --reason x --via eu-west-1 --url http://127.0.0.1:4101")).toEqual({
      exitCode: 1,
      error: "eu-west-1 is not at that address",
    });
  });
});
