import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { evaluationSettings, parseEnv } from "./settings.ts";

describe("parseEnv", () => {
  it("reads names and values, without comments and quotes", () => {
    const text = `# why\nA=1\n  B = two words  # trailing\nexport C="x # y"\nD=\n#E=5\nF='q'\nnonsense\nG=a#b`;
    expect(parseEnv(text)).toEqual({ A: "1", B: "two words", C: "x # y", D: "", F: "q", G: "a#b" });
  });
});

describe("evaluationSettings", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), "antipode-settings-"));
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  it("has a domain without any file", () => {
    expect(evaluationSettings(root)).toEqual({ ANTIPODE_DOMAIN: "antipode.example" });
  });

  it("takes what .env.example says, and a default where it says nothing", () => {
    writeFileSync(path.join(root, ".env.example"), "ANTIPODE_DOMAIN=\nOTHER=x\n");
    expect(evaluationSettings(root)).toEqual({ ANTIPODE_DOMAIN: "antipode.example", OTHER: "x" });
    writeFileSync(path.join(root, ".env.example"), "ANTIPODE_DOMAIN=shop.example\n");
    expect(evaluationSettings(root)).toEqual({ ANTIPODE_DOMAIN: "shop.example" });
  });
});
