import { beforeEach, describe, expect, it } from "vitest";
import type { SteeringWords } from "./region-words.ts";
import type { ListedRegion } from "./shop-regions.ts";
import { steerRegion } from "./steer-region.ts";
import { createShopDouble, names, urlOf } from "./testing/shop-double.ts";

let shop: ReturnType<typeof createShopDouble>;

beforeEach(() => {
  shop = createShopDouble();
});

const drain: SteeringWords = {
  action: "drain",
  region: "eu-west-1",
  reason: "a new disk",
  force: false,
  json: false,
};
const restore: SteeringWords = { ...drain, action: "restore" };
const drained: Partial<ListedRegion> = {
  state: "drained",
  drainedBy: "operator",
  voters: ["us-east-1", "ap-south-1"],
};

const steer = (words: SteeringWords) =>
  steerRegion(words, {
    ...shop.ports,
    regions: names.map((name) => ({ name, url: urlOf(name) })),
    token: "t0",
  });

const posts = () => shop.calls.filter(({ method }) => method === "POST").map(({ url }) => url);

describe("a drain", () => {
  it("is written down in another region than the one that it is about, and followed until it is obeyed", async () => {
    shop.show({}, { state: "closing" }, { state: "closing", voters: ["us-east-1"] }, drained);
    const said = await steer(drain);
    expect(said).toEqual({
      exitCode: 0,
      out:
        "eu-west-1 is drained by an operator, voted against by us-east-1, ap-south-1; " +
        "written down in us-east-1 at 2026-10-09T08:53:20.000Z by alice: a new disk. " +
        "Names lead elsewhere within some 35 s",
    });
    expect(shop.calls[0]).toEqual({
      url: "https://us-east-1.shop.test/v1/regions/eu-west-1/drain",
      method: "POST",
      authorization: "Bearer t0",
      redirect: "error",
      body: { reason: "a new disk" },
    });
    expect(shop.said).toEqual([
      "drain of eu-west-1: written down in us-east-1 at 2026-10-09T08:53:20.000Z by alice: a new disk",
      "eu-west-1: open",
      "eu-west-1: closing",
      "eu-west-1: closing, voted against by us-east-1",
      "eu-west-1: drained by an operator, voted against by us-east-1, ap-south-1",
    ]);
    expect(posts()).toHaveLength(1);
    expect(shop.tokensSentTo()).toEqual(["us-east-1.shop.test"]);
  });

  it("is not taken for obeyed by what was read before it: the first look is six seconds later", async () => {
    shop.show(drained);
    await steer(drain);
    expect(shop.elapsedMs()).toBe(6_000);
  });

  it.each([
    [429, "throttled"],
    [503, "throttled"],
    [409, "contended"],
  ])(
    "goes to the next region where one does not answer or cannot (%i %s), to the one that it is about last",
    async (status, name) => {
      shop.down.add("us-east-1");
      const problem = { type: `urn:antipode:problem:${name}`, title: "Busy", detail: "Try again." };
      shop.answers.set("ap-south-1", { status, body: problem });
      shop.show(drained);
      expect(await steer({ ...drain, force: true })).toMatchObject({ exitCode: 0 });
      expect(posts()).toEqual(
        ["us-east-1", "ap-south-1", "eu-west-1"].map((name) => `${urlOf(name)}/v1/regions/eu-west-1/drain`),
      );
      expect(shop.calls[2]).toMatchObject({ body: { reason: "a new disk", force: true } });
    },
  );

  it("is looked at elsewhere when the region that took it no longer answers", async () => {
    shop.show(drained);
    shop.answers.set("us-east-1", undefined);
    const { fetch } = shop.ports;
    const failing: typeof fetch = async (url, init) => {
      const answer = await fetch(url, init);
      if (init.method === "POST") shop.down.add("us-east-1");
      return answer;
    };
    shop.ports.fetch = failing;
    expect(await steer(drain)).toMatchObject({ exitCode: 0 });
    expect(shop.calls.slice(1).map(({ url }) => url)).toEqual([
      "https://us-east-1.shop.test/v1/regions",
      "https://eu-west-1.shop.test/v1/regions",
    ]);
  });

  it("goes by the named region alone", async () => {
    shop.down.add("ap-south-1");
    expect(await steer({ ...drain, via: "ap-south-1" })).toEqual({
      exitCode: 1,
      error: "ap-south-1 does not answer",
    });
    expect(posts()).toEqual(["https://ap-south-1.shop.test/v1/regions/eu-west-1/drain"]);
  });

  it.each([
    [
      409,
      {
        title: "Too few regions would stay open",
        detail: "Restore one first.",
        drained: ["us-east-1", "ap-south-1"],
      },
      "us-east-1: Too few regions would stay open: Restore one first. Drained: us-east-1, ap-south-1.",
    ],
    [401, { title: "No token", detail: "Send one." }, "us-east-1: No token: Send one."],
    [404, "nothing", "us-east-1: status 404"],
  ])("that is refused with %s is asked of nobody else", async (status, body, error) => {
    shop.answers.set("us-east-1", { status, body });
    expect(await steer(drain)).toEqual({ exitCode: 1, error });
    expect(shop.calls).toHaveLength(1);
  });

  it("names every region that did not take it", async () => {
    for (const name of names) shop.down.add(name);
    expect(await steer(drain)).toEqual({
      exitCode: 1,
      error: "us-east-1 does not answer; ap-south-1 does not answer; eu-west-1 does not answer",
    });
  });

  it("that nobody obeys in three minutes fails, and says how it stands", async () => {
    shop.show({ state: "closing" });
    const said = await steer(drain);
    expect(said.exitCode).toBe(1);
    expect(said.error).toMatch(
      /^eu-west-1 does not obey after 180 s: it is closing\. The word stands, written down in us-east-1/,
    );
    expect(shop.elapsedMs()).toBe(180_000);
    expect(shop.said).toHaveLength(2);
  });

  it.each([
    [{ since: "1969-12-31T23:52:37.000Z" }, true],
    [{ since: "1969-12-31T23:52:35.000Z" }, false],
    [{ since: "1969-12-31T23:59:00.000Z", state: "drained" as const }, false],
    [{}, false],
  ])("warns where another one is %j, six seconds after the epoch: %j", async (other, warned) => {
    shop.show(drained);
    shop.showOther("ap-south-1", other);
    const { out } = await steer(drain);
    expect(out?.includes(". Careful: ap-south-1 may be coming back by a share")).toBe(warned);
    shop.show({ since: "1970-01-01T00:00:00.000Z" });
    expect((await steer(restore)).out).not.toContain("Careful");
  });

  it("is JSON for programs, obeyed or not", async () => {
    shop.show(drained);
    const said = await steer({ ...drain, json: true });
    expect(JSON.parse(said.out ?? "")).toMatchObject({
      takenBy: "us-east-1",
      written: { region: "eu-west-1", by: "alice" },
      obeyed: true,
      state: { state: "drained" },
    });
    shop.show({ state: "closing" });
    const late = await steer({ ...drain, json: true });
    expect(JSON.parse(late.out ?? "")).toMatchObject({ obeyed: false, state: { state: "closing" } });
    expect(late.exitCode).toBe(1);
  });
});

describe("a restore", () => {
  it("is obeyed once the region is open and nobody votes against it", async () => {
    shop.show(drained, { voters: ["us-east-1"] }, { since: "2026-10-09T08:53:20.000Z" });
    expect(await steer(restore)).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(
        /^eu-west-1 is open;.* Names lead a share of its shoppers there within some 35 s/,
      ),
    });
    expect(shop.said.slice(1)).toEqual([
      "eu-west-1: drained by an operator, voted against by us-east-1, ap-south-1",
      "eu-west-1: open, voted against by us-east-1",
      "eu-west-1: open",
    ]);
  });
});

it("without a terminal nothing is said on the way", async () => {
  shop.show(drained);
  const { progress: _terminal, ...quiet } = shop.ports;
  shop.ports = quiet;
  expect(await steer(drain)).toMatchObject({ exitCode: 0 });
  expect(shop.said).toEqual([]);
});
