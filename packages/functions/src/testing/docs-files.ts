import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FileName } from "../docs/files.ts";

const docs = fileURLToPath(new URL("../docs", import.meta.url));
const page = join(docs, "page");
const swaggerUi = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));

const folderOf: Readonly<Record<FileName, string>> = {
  "openapi.json": docs,
  "index.html": page,
  "start.js": page,
  "swagger-ui-bundle.js": swaggerUi,
  "swagger-ui-bundle.js.LICENSE.txt": swaggerUi,
  "swagger-ui.css": swaggerUi,
  "favicon-32x32.png": swaggerUi,
};

/** The files where they lie in the repository. */
export function readDocsFile(name: FileName): Buffer {
  return readFileSync(join(folderOf[name], name));
}
