import { spawnSync } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

it("the committed graphs and sst-env.d.ts are what infra/ evaluates to", { timeout: 240_000 }, () => {
  const result = spawnSync(process.execPath, ["packages/infra-graph/src/cli.ts", "--check"], {
    cwd: root,
    encoding: "utf8",
  });
  expect(result.status, `${result.stdout}\n${result.stderr}`).toBe(0);
});
