import { expect, it } from "vitest";
import { europeanAnswers, readResidency } from "./residency.ts";

it("prefers Europe unless told otherwise, and takes no other word", () => {
  expect([undefined, "", "prefer"].map(readResidency)).toEqual(["prefer", "prefer", "prefer"]);
  expect(readResidency("strict")).toBe("strict");
  expect(() => readResidency("Strict")).toThrow(
    'ANTIPODE_EU_RESIDENCY is "Strict": choose from prefer, strict.',
  );
});

it("leaves Europe only where that is allowed, and only second", () => {
  expect(europeanAnswers("strict")).toEqual([{ to: "eu-only" }]);
  expect(europeanAnswers("prefer")).toEqual([
    { to: "eu-only", failover: "PRIMARY" },
    { to: "api", failover: "SECONDARY" },
  ]);
});
