import path from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of `sst.config.ts`, `graphs/` and `.sst/`. */
export const repositoryRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../..");
