import { test, vi } from "vitest";
import { judgeSchedules } from "./judge-schedules.ts";

vi.setConfig({ testTimeout: 3_600_000 }); // two minutes; an hour for many schedules by hand on a busy machine

test("any schedule of faults, with the functions themselves: enough regions stay open, nothing flaps, who fails goes and comes back (the other half)", async () => {
  await judgeSchedules(2);
});
