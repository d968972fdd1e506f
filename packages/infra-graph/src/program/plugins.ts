import { readFileSync } from "node:fs";
import path from "node:path";
import type { EsbuildPlugin } from "./esbuild.ts";

/**
 * As SST's CLI does: the project's own files see `sst` and the providers as if they had imported them; SST's and
 * installed packages do not.
 */
export function injectGlobals(globals: string): EsbuildPlugin {
  return {
    name: "inject-globals",
    setup: (build) => {
      build.onLoad({ filter: /\.(js|ts|jsx|tsx)$/ }, ({ path: file }) =>
        file.includes("/.sst/") || file.includes("/node_modules/")
          ? undefined
          : { contents: `${globals}\n${readFileSync(file, "utf8")}`, loader: path.extname(file).slice(1) },
      );
    },
  };
}

const randomSuffix = 'crypto.randomBytes(8).toString("hex")';
const steadySuffix = "[$app.name, $app.stage, name, suffix].join('/')";

/** SST ends a physical name in eight random letters. Derived from the logical name, two evaluations agree. */
export function steadyNames(): EsbuildPlugin {
  return {
    name: "steady-names",
    setup: (build) => {
      build.onLoad({ filter: /\/platform\/src\/components\/naming\.ts$/ }, ({ path: file }) => {
        const source = readFileSync(file, "utf8");
        const parts = source.split(randomSuffix);
        if (parts.length !== 2) {
          throw new Error(
            `SST's naming.ts has changed: expected ${randomSuffix} once, found ${parts.length - 1}`,
          );
        }
        return { contents: parts.join(steadySuffix), loader: "ts" };
      });
    },
  };
}
