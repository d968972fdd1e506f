import { describe, expect, it } from "vitest";
import { createVirtualTime } from "./virtual-time.ts";

describe("virtual time", () => {
  it("runs calls in order of their time, and of their scheduling within one instant", async () => {
    const time = createVirtualTime(0);
    const seen: string[] = [];
    const note = (name: string) => () => seen.push(`${name}@${time.now()}`);
    time.after(20, note("late"));
    time.after(10, note("first"));
    time.after(10, note("second"));
    time.after(15, note("cancelled"))();
    await time.advance(15);
    expect(seen).toEqual(["first@10", "second@10"]);
    expect(time.now()).toBe(15);
    expect(time.scheduled()).toBe(1);
    await time.advance(5);
    expect(seen.at(-1)).toBe("late@20");
  });

  it("lets promise reactions finish before time goes on", async () => {
    const time = createVirtualTime(0);
    const seen: string[] = [];
    const walk = async () => {
      await time.sleep(10);
      for (let step = 0; step < 50; step += 1) await Promise.resolve();
      seen.push(`walked@${time.now()}`);
    };
    time.after(11, () => seen.push("eleven"));
    await time.run(Promise.all([walk(), time.sleep(12)]));
    expect(seen).toEqual(["walked@10", "eleven"]);
  });

  it("gives the work's result or error, and says when nothing can settle it", async () => {
    const time = createVirtualTime(0);
    const later = time.sleep(3_600_000).then(() => "an hour");
    await expect(time.run(later)).resolves.toBe("an hour");
    await expect(time.run(Promise.reject(new Error("broken")))).rejects.toThrow("broken");
    await expect(time.run(new Promise(() => {}))).rejects.toThrow("nothing left to run");
    await expect(time.run(time.sleep(101), 100)).rejects.toThrow("within 100 ms");
  });
});
