import { describe, expect, test } from "vitest";
import { testDeployment } from "../testing/test-world.ts";
import { edgeUrlOf, regionUrls } from "./region-urls.ts";

const deployment = { ...testDeployment("us-east-1"), domain: "shop.example" };
const given = JSON.stringify({ "eu-west-1": "http://127.0.0.1:4000" });

describe("a region answers", () => {
  test("at its own name under the domain", () => {
    expect(regionUrls(deployment)("eu-west-1")).toBe("https://eu-west-1.shop.example");
  });

  test("where REGION_URLS say so", () => {
    expect(regionUrls(deployment, given)("eu-west-1")).toBe("http://127.0.0.1:4000");
    expect(regionUrls(deployment, given)("us-east-1")).toBe("https://us-east-1.shop.example");
    expect(() => regionUrls(deployment, '{"eu-west-1":"nowhere"}')).toThrow();
  });
});

describe("the CDN answers", () => {
  test("at the domain, and nowhere where there is none", () => {
    expect(edgeUrlOf(deployment, {})).toBe("https://shop.example");
    expect(edgeUrlOf({ domain: "" }, {})).toBeUndefined();
  });

  test("where EDGE_URL says so, when names are stood in for", () => {
    expect(edgeUrlOf(deployment, { REGION_URLS: given })).toBeUndefined();
    expect(edgeUrlOf(deployment, { REGION_URLS: given, EDGE_URL: "http://127.0.0.1:4001" })).toBe(
      "http://127.0.0.1:4001",
    );
  });
});
