/**
 * Lays SST's platform (component sources and Pulumi's Node packages) into .sst/platform, once.
 * `sst install` would fetch a Pulumi CLI and send telemetry unless it is told otherwise; evaluating and
 * type-checking the infrastructure needs neither.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const require = createRequire(path.join(root, "package.json"));

function installedVersion(): string | undefined {
  const versionFile = path.join(root, ".sst/platform/version");
  const complete = existsSync(path.join(root, ".sst/platform/node_modules/@pulumi/pulumi/package.json"));
  return complete && existsSync(versionFile) ? readFileSync(versionFile, "utf8").trim() : undefined;
}

function bunPath(): string | undefined {
  try {
    return realpathSync(path.join(path.dirname(require.resolve("bun/package.json")), "bin/bun.exe"));
  } catch {
    return undefined; // npm installs the platform then: slower, same result
  }
}

const wanted: string = JSON.parse(
  readFileSync(path.join(root, "node_modules/sst/package.json"), "utf8"),
).version;
if (installedVersion() !== wanted) {
  console.error(`Installing the SST ${wanted} platform into .sst (about 340 MB, once) …`);
  const bun = bunPath();
  const result = spawnSync(
    path.join(root, "node_modules/.bin/sst"),
    ["install", "--stage", "prod-us-east-1"],
    {
      cwd: root,
      stdio: ["ignore", "ignore", "pipe"],
      encoding: "utf8",
      env: {
        ...process.env,
        SST_SKIP_DEPENDENCY_CHECK: "1",
        SST_TELEMETRY_DISABLED: "1",
        DO_NOT_TRACK: "1",
        ...(bun ? { SST_BUN_PATH: bun } : { SST_NO_BUN: "1" }),
      },
    },
  );
  if (result.status !== 0 || installedVersion() === undefined) {
    console.error(
      `antipode: "sst install" failed. Check the connection to the npm registry and run it again.\n${result.stderr}`,
    );
    process.exit(1);
  }
}
