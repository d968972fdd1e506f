import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, type Plugin } from "esbuild";
import { bundleHandlers } from "../../../local/src/services/lambda/bundle.ts";
import { repositoryRoot } from "../repository-root.ts";
import { apiHandler, checkoutHandler } from "./links.ts";

/** The forms of one shop, by the name that figures have. The first is ours. */
export const handlerByForm = {
  antipode: apiHandler,
  "bare handler": "packages/bench/src/peers/bare/handler.handler",
  "Express 5 + serverless-http": "packages/bench/src/peers/express/handler.handler",
} as const;

export type Form = keyof typeof handlerByForm;
export const forms = Object.keys(handlerByForm) as readonly Form[];

/** Where bundles are built, until the bench is over. */
export async function withScratch<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), "antipode-bench-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Each handler's bundle as `sst deploy` makes it, by the name that figures have. */
export async function bundleDeployed<Name extends string>(
  folder: string,
  handlerByName: Readonly<Record<Name, string>>,
): Promise<ReadonlyMap<Name, string>> {
  const handlers = Object.entries(handlerByName) as [Name, string][];
  const bundles = await bundleHandlers({
    root: repositoryRoot,
    outDir: folder,
    functionNamesByHandler: new Map(handlers.map(([name, handler]) => [handler, [name]])),
  });
  return new Map(
    handlers.map(([name, handler]) => {
      const bundle = bundles.get(handler);
      if (bundle === undefined) {
        throw new Error(`${name} was not bundled`);
      }
      return [name, bundle.file];
    }),
  );
}

export function deployedBundles(folder: string): Promise<ReadonlyMap<Form, string>> {
  return bundleDeployed(folder, handlerByForm);
}

const cannedTransport: Plugin = {
  name: "canned-transport",
  setup(plugin) {
    const file = fileURLToPath(new URL("../store/canned-transport.ts", import.meta.url));
    plugin.onResolve({ filter: /^@smithy\/node-http-handler$/ }, () => ({ path: file }));
  },
};

const requireBanner =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/** As deployed but for what a plugin replaces, and for source maps. */
async function buildReplacing(handler: string, outfile: string, plugin: Plugin): Promise<string> {
  await build({
    entryPoints: [path.join(repositoryRoot, handler.replace(/\.handler$/, ".ts"))],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "esnext",
    mainFields: ["module", "main"],
    minify: true,
    keepNames: true,
    banner: { js: requireBanner },
    plugins: [plugin],
    logLevel: "silent",
    absWorkingDir: repositoryRoot,
  });
  return outfile;
}

/** The same with the SDK's transport answering from memory: for the CPU of warm calls, where size does not matter. */
export async function storelessBundles(folder: string): Promise<ReadonlyMap<Form, string>> {
  const built = forms.map(async (form): Promise<[Form, string]> => {
    const outfile = path.join(folder, `${forms.indexOf(form)}.mjs`);
    return [form, await buildReplacing(handlerByForm[form], outfile, cannedTransport)];
  });
  return new Map(await Promise.all(built));
}

/** As much of Stripe's SDK as an import needs. */
const noStripe: Plugin = {
  name: "no-stripe",
  setup(plugin) {
    plugin.onResolve({ filter: /^stripe$/ }, ({ path: name }) => ({ path: name, namespace: "no-stripe" }));
    plugin.onLoad({ filter: /.*/, namespace: "no-stripe" }, () => ({
      contents: "export default class Stripe { static createFetchHttpClient() {} }",
    }));
  },
};

/** The checkout function without its payment provider's SDK: imports, and cannot sell. */
export function checkoutWithoutStripe(folder: string): Promise<string> {
  return buildReplacing(checkoutHandler, path.join(folder, "without-stripe.mjs"), noStripe);
}

export interface BundleSize {
  readonly bytes: number;
  readonly gzipBytes: number;
}

export function sizeOf(file: string): BundleSize {
  const content = readFileSync(file);
  return { bytes: content.length, gzipBytes: gzipSync(content, { level: 9 }).length };
}
