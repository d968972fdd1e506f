import { expect, test } from "vitest";
import { createTrail } from "./trail.ts";

const names = (steps: ReturnType<ReturnType<typeof createTrail>["take"]>) =>
  steps.map((calls) => calls.map(({ name }) => name));

test("calls made side by side are one wait, calls that need an answer are one each", async () => {
  const trail = createTrail();
  await trail.asked("first");
  await Promise.all(["second", "third"].map((name) => trail.asked(name)));
  expect(names(trail.take())).toEqual([["first"], ["second", "third"]]);
  expect(trail.take()).toEqual([]);
});

test("keeps what each call used", async () => {
  const trail = createTrail();
  const [read, write] = await Promise.all(["read", "write"].map((name) => trail.asked(name)));
  write?.answered({ readUnits: 0, writeUnits: 6 });
  read?.answered({ readUnits: 2, writeUnits: 0 });
  expect(trail.take()).toEqual([
    [
      { name: "read", readUnits: 2, writeUnits: 0 },
      { name: "write", readUnits: 0, writeUnits: 6 },
    ],
  ]);
});
