import { describe, expect, it } from "vitest";
import { normalizeApp, pulumiConfig } from "./app.ts";

const returned = {
  name: "shop",
  providers: {
    aws: { region: "eu-west-1", profile: "me", defaultTags: { tags: { team: "a" } } },
    random: "4.16.6",
  },
};

describe("normalizeApp", () => {
  it("completes an app as SST's CLI does, and forgets the person's profile", () => {
    expect(normalizeApp(returned, "alice")).toMatchObject({
      name: "shop",
      stage: "alice",
      removal: "retain",
      home: "aws",
      protect: false,
      region: "eu-west-1",
      tags: { team: "a", "sst:app": "shop", "sst:stage": "alice" },
      providers: { random: { version: "4.16.6" } },
    });
    expect(normalizeApp(returned, "alice").providers["aws"]).not.toHaveProperty("profile");
  });

  it.each([
    [null, "gives no name"],
    [{ name: "shop" }, "gives no providers.aws.region"],
    [{ name: "shop", providers: { aws: "7.20.0" } }, "gives no providers.aws.region"],
  ])("refuses %j", (value, message) => {
    expect(() => normalizeApp(value, "alice")).toThrow(message);
  });
});

describe("pulumiConfig", () => {
  it("hands providers their arguments, not their versions", () => {
    expect(pulumiConfig(normalizeApp(returned, "alice"))).toEqual({
      "aws:region": "eu-west-1",
      "aws:defaultTags": JSON.stringify({ tags: { team: "a", "sst:app": "shop", "sst:stage": "alice" } }),
    });
  });
});
