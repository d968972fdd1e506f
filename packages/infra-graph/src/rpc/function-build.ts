import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { GraphCopy, Json, JsonObject } from "../format.ts";
import { isJsonObject } from "../monitor/plain.ts";
import type { RawBuild } from "../monitor/raw.ts";
import type { Esbuild } from "../program/esbuild.ts";

/** What SST's function component expects of its bundler. */
export interface BuildAnswer {
  readonly handler: string;
  readonly out: string;
  readonly errors: readonly string[];
  readonly sourcemaps: readonly string[];
}

export interface FunctionBuilder {
  build(request: JsonObject): Promise<BuildAnswer>;
  readonly builds: readonly RawBuild[];
}

const extensions = ["ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs"];

interface HandlerFile {
  readonly file: string;
  readonly exported: string;
}

function findHandler(root: string, handler: string): HandlerFile | undefined {
  const dot = handler.lastIndexOf(".");
  const base = path.join(root, handler.slice(0, dot));
  const file = extensions
    .map((extension) => `${base}.${extension}`)
    .find((candidate) => existsSync(candidate));
  return dot > 0 && file !== undefined ? { file, exported: handler.slice(dot + 1) } : undefined;
}

/** The names a module exports, or undefined when it passes on another's (`export *`) and the list is open. */
async function exportsOf(esbuild: Esbuild, file: string): Promise<readonly string[] | undefined> {
  const { metafile, outputFiles } = await esbuild.build({
    entryPoints: [file],
    bundle: false,
    write: false,
    metafile: true,
    format: "esm",
    logLevel: "silent",
  });
  const text = outputFiles?.[0]?.text ?? "";
  return /^export \*/m.test(text) ? undefined : Object.values(metafile?.outputs ?? {})[0]?.exports;
}

/**
 * Stands in for SST's bundler: checks that each handler exists and is exported, notes what it was asked to build,
 * and leaves a stub for SST to zip. The bundles themselves are no part of the graph.
 */
export function createFunctionBuilder(root: string, artifacts: string, esbuild: Esbuild): FunctionBuilder {
  const builds: RawBuild[] = [];

  async function problemWith(functionId: string, handler: string): Promise<string | undefined> {
    const found = findHandler(root, handler);
    if (!found) {
      return `function "${functionId}": handler not found: ${handler}`;
    }
    const exported = await exportsOf(esbuild, found.file);
    return exported && !exported.includes(found.exported)
      ? `function "${functionId}": ${path.relative(root, found.file)} has no export "${found.exported}"`
      : undefined;
  }

  async function build(request: JsonObject): Promise<BuildAnswer> {
    const functionId = String(request["functionID"]);
    const handler = String(request["handler"]);
    const properties = isJsonObject(request["properties"]) ? request["properties"] : {};
    const links = isJsonObject(request["links"]) ? request["links"] : {};
    const out = path.join(artifacts, `${functionId}-src`);
    const problem = await problemWith(functionId, handler);
    if (problem) {
      return { handler, out, errors: [problem], sourcemaps: [] };
    }
    const copyFiles = readCopies(request["copyFiles"], root);
    builds.push({ functionId, handler, properties, links: onlyObjects(links), copyFiles });
    mkdirSync(out, { recursive: true });
    writeFileSync(path.join(out, "bundle.mjs"), "export {};\n");
    return { handler: `bundle${path.extname(handler)}`, out, errors: [], sourcemaps: [] };
  }

  return { build, builds };
}

/** SST names the sources by their place on this machine; a graph must not. */
function readCopies(value: Json | undefined, root: string): readonly GraphCopy[] {
  const entries = Array.isArray(value) ? (value as readonly Json[]).filter(isJsonObject) : [];
  return entries.map((entry) => ({
    from: path.relative(root, String(entry["from"])).replaceAll(path.sep, "/"),
    to: String(entry["to"]),
  }));
}

function onlyObjects(links: JsonObject): Record<string, JsonObject> {
  const entries = Object.entries(links).filter((entry): entry is [string, JsonObject] =>
    isJsonObject(entry[1] as Json),
  );
  return Object.fromEntries(entries);
}
