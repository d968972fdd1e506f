import { existsSync } from "node:fs";
import { cp } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { BuildFailure } from "esbuild";
import { build } from "esbuild";
import type { FileCopy } from "./definition.ts";

/** A handler's code in one file. */
export interface Bundle {
  readonly sourceHandler: string;
  readonly file: string;
  readonly exportName: string;
  readonly bytes: number;
}

/** A handler that cannot be bundled: the path is wrong, or its code does not compile. */
export class BundleError extends Error {
  readonly sourceHandler: string;
  readonly functionNames: readonly string[];

  constructor(sourceHandler: string, functionNames: readonly string[], detail: string) {
    super(`cannot bundle ${sourceHandler}, the handler of ${functionNames.join(", ")}: ${detail}`);
    this.name = "BundleError";
    this.sourceHandler = sourceHandler;
    this.functionNames = functionNames;
  }
}

export interface BundleOptions {
  /** Handler paths are relative to this folder, the one with `sst.config.ts`. */
  readonly root: string;
  readonly outDir: string;
  /** Handler → names of the functions that use it, for the error. */
  readonly functionNamesByHandler: ReadonlyMap<string, readonly string[]>;
  /** Handler → what lies beside its bundle. */
  readonly copiesByHandler?: ReadonlyMap<string, readonly FileCopy[]>;
}

const extensions = [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs"];

/** What SST puts before every ESM bundle (its `pkg/runtime/node`), so that bundled CommonJS finds `require`. */
const banner = [
  "import { createRequire as topLevelCreateRequire } from 'module';",
  "const require = topLevelCreateRequire(import.meta.url);",
  'import { fileURLToPath as topLevelFileUrlToPath, URL as topLevelURL } from "url"',
  "const __filename = topLevelFileUrlToPath(import.meta.url)",
  'const __dirname = topLevelFileUrlToPath(new topLevelURL(".", import.meta.url))',
].join("\n");

/** Never bundled by SST: native modules that it installs for the target instead. */
const alwaysExternal = ["sharp", "pg-native"];

/**
 * Bundles each handler once, for all regions, with the options of `sst deploy`. Source maps are the one addition:
 * a function whose NODE_OPTIONS ask for them gets stack traces that name the source. Rejects with `BundleError` for the first handler that fails.
 */
export async function bundleHandlers(options: BundleOptions): Promise<ReadonlyMap<string, Bundle>> {
  const bundles = await Promise.all(
    [...options.functionNamesByHandler].map(([sourceHandler, functionNames]) =>
      bundleHandler(sourceHandler, functionNames, options),
    ),
  );
  return new Map(bundles.map((bundle) => [bundle.sourceHandler, bundle]));
}

async function bundleHandler(
  sourceHandler: string,
  functionNames: readonly string[],
  { root, outDir, copiesByHandler }: BundleOptions,
): Promise<Bundle> {
  const fail = (detail: string) => new BundleError(sourceHandler, functionNames, detail);
  const dot = sourceHandler.lastIndexOf(".");
  const path = sourceHandler.slice(0, dot);
  const exportName = sourceHandler.slice(dot + 1);
  if (dot <= 0 || exportName === "") throw fail("a handler is written as <path without extension>.<export>");
  const entry = extensions.map((extension) => join(root, path + extension)).find((file) => existsSync(file));
  if (entry === undefined) throw fail(`there is no ${path}.ts`);
  const file = join(outDir, path, "bundle.mjs");
  try {
    const result = await build({
      entryPoints: [entry],
      outfile: file,
      bundle: true,
      platform: "node",
      format: "esm",
      target: "esnext",
      mainFields: ["module", "main"],
      external: alwaysExternal,
      minify: true,
      keepNames: true,
      sourcemap: "linked",
      banner: { js: banner },
      metafile: true,
      logLevel: "silent",
      absWorkingDir: root,
    });
    const output = Object.entries(result.metafile.outputs).find(([name]) => name.endsWith("bundle.mjs"))?.[1];
    if (output?.exports.includes(exportName) !== true) {
      throw fail(`${path} exports ${output?.exports.join(", ") || "nothing"}, not ${exportName}`);
    }
    await copyBeside(file, copiesByHandler?.get(sourceHandler) ?? [], root, fail);
    return { sourceHandler, file, exportName, bytes: output.bytes };
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    throw fail(error.errors.map(describe).join("; "));
  }
}

async function copyBeside(
  bundle: string,
  copies: readonly FileCopy[],
  root: string,
  fail: (detail: string) => BundleError,
): Promise<void> {
  for (const { from, to } of copies) {
    if (!existsSync(join(root, from))) throw fail(`there is no ${from} to copy`);
    await cp(join(root, from), join(dirname(bundle), to), { recursive: true, dereference: true });
  }
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && "errors" in error && Array.isArray(error.errors);
}

function describe(message: BuildFailure["errors"][number]): string {
  const { location, text } = message;
  return location === null ? text : `${text} (${location.file}:${location.line}:${location.column})`;
}
