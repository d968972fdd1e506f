import { describe, expect, test } from "vitest";
import { linkedAnnounce, linkedPlanes, linkedTellFunctions } from "./control-planes.ts";

describe("links", () => {
  const at = { region: "us-east-1", domain: "shop.example" };
  const delay = async () => {};

  test("name the topics and the zone, and a function does not start without them", () => {
    const topicArn = "arn:aws:sns:us-east-1:1:a";
    expect(linkedAnnounce({ People: { topicArn } }, at)).toBeDefined();
    expect(linkedTellFunctions({ DrainNews: { failover: topicArn, recovery: topicArn } }, at)).toBeDefined();
    expect(Object.keys(linkedPlanes({ Zone: { zoneId: "Z1" } }, at, delay))).toEqual(["names", "edge"]);
    expect(() => linkedAnnounce({}, at)).toThrow();
    expect(() => linkedTellFunctions({ DrainNews: { failover: topicArn } }, at)).toThrow();
    expect(() => linkedPlanes({}, at, delay)).toThrow();
  });

  test("without names there are no control planes", () => {
    expect(linkedPlanes({ Zone: { zoneId: "" } }, { domain: "" }, delay)).toEqual({});
  });
});
