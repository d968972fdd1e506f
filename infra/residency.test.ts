import { expect, it } from "vitest";
import { europeanAnswers } from "./residency.ts";

it("leaves Europe only where that is allowed, and only second", () => {
  expect(europeanAnswers("strict")).toEqual([{ to: "eu-only" }]);
  expect(europeanAnswers("prefer")).toEqual([
    { to: "eu-only", failover: "PRIMARY" },
    { to: "api", failover: "SECONDARY" },
  ]);
});
