/** Writes the API's specification, or says that the written one is stale: `npm run spec`, `npm run spec -- --check`. */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { specificationText } from "../packages/functions/src/api/specification/build-specification.ts";

const name = "packages/functions/src/docs/openapi.json";
const file = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..", name);

function readWritten(): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

const [option, ...more] = process.argv.slice(2);
if ((option === "--help" || option === "help") && more.length === 0) {
  console.log("usage: npm run spec [-- --check]");
  process.exit(0);
}
if (more.length > 0 || (option !== undefined && option !== "--check")) {
  console.error("antipode: the only option is --check");
  process.exit(2);
}
const text = specificationText();
if (readWritten() === text) {
  console.log(`${name} is up to date`);
} else if (option === "--check") {
  console.error(`antipode: ${name} is stale. Run "npm run spec" and commit it.`);
  process.exit(1);
} else {
  writeFileSync(file, text);
  console.log(`${name} is written`);
}
