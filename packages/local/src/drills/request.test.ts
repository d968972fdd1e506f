import { expect, test } from "vitest";
import { type Answer, leavesOpen } from "./request.ts";

const refused = (status: number, name: string): Answer => ({
  type: "answer",
  status,
  headers: new Headers(),
  body: { type: `urn:antipode:problem:${name}` },
});

test.each([
  [500, "internal", true],
  [503, "unavailable", true],
  [409, "contended", true],
  [409, "cart-full", false],
  [412, "version-changed", false],
])("whether a request is to be sent again after %i %s: %s", (status, name, again) => {
  expect(leavesOpen(refused(status, name))).toBe(again);
});

test("what API Gateway itself fails at leaves it open too", () => {
  expect(leavesOpen({ ...refused(500, ""), body: { message: "Internal Server Error" } })).toBe(true);
  expect(leavesOpen({ ...refused(200, ""), body: undefined })).toBe(false);
});
