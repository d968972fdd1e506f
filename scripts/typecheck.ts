/** Type-checks every project of the repository, one after another: in parallel they exceed a laptop's memory. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const inPackages = readdirSync(path.join(root, "packages"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(path.join(root, "packages", entry.name, "src")))
  .flatMap((entry) =>
    readdirSync(path.join(root, "packages", entry.name))
      .filter((file) => file.startsWith("tsconfig") && file.endsWith(".json"))
      .map((file) => path.join("packages", entry.name, file)),
  )
  .sort();
const projects = ["tsconfig.json", "tsconfig.scripts.json", ...inPackages];

let failed = false;
for (const project of projects) {
  const { status } = spawnSync(path.join(root, "node_modules/.bin/tsc"), ["-p", project, "--noEmit"], {
    cwd: root,
    stdio: "inherit",
  });
  if (status !== 0) {
    failed = true;
    console.error(`antipode: types do not check in ${project}`);
  }
}
process.exit(failed ? 1 : 0);
