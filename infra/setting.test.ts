import { afterEach, expect, it, vi } from "vitest";
import { readSetting } from "./setting.ts";

afterEach(() => vi.unstubAllEnvs());

const read = () => readSetting("ANTIPODE_SOME_SETTING", ["off", "on"]);

it("is the first of its words unless told otherwise", () => {
  expect(read()).toBe("off");
  vi.stubEnv("ANTIPODE_SOME_SETTING", "");
  expect(read()).toBe("off");
  vi.stubEnv("ANTIPODE_SOME_SETTING", "on");
  expect(read()).toBe("on");
});

it("is none of another word, and says which there are", () => {
  vi.stubEnv("ANTIPODE_SOME_SETTING", "On");
  expect(read).toThrow('ANTIPODE_SOME_SETTING is "On": choose from off, on.');
});
