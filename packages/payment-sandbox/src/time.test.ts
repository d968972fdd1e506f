import { expect, test, vi } from "vitest";
import { createSandboxTime } from "./time.ts";

const sinceMs = Date.UTC(2026, 0, 1);

test("passes as fast as it is told from the moment that it is told, and later at once", () => {
  vi.useFakeTimers({ now: sinceMs + 1_000 });
  try {
    const time = createSandboxTime({ scale: 5, sinceMs });
    const done: string[] = [];
    time.after(10_000, () => done.push("after"));
    time.after(10_000, () => done.push("never"))();
    expect(time.nowMs() - sinceMs).toBe(5_000);
    vi.advanceTimersByTime(1_999);
    expect(done).toEqual([]);
    vi.advanceTimersByTime(1);
    expect([done, time.nowMs() - sinceMs]).toEqual([["after"], 15_000]);
    time.pass(60_000);
    expect(time.nowMs() - sinceMs).toBe(75_000);
  } finally {
    vi.useRealTimers();
  }
});

test("is the machine's when it is told nothing", () => {
  const time = createSandboxTime({ scale: 1, sinceMs: 0 });
  expect(Math.abs(time.nowMs() - Date.now())).toBeLessThan(1_000);
});
