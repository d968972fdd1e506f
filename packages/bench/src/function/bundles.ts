import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, type Plugin } from "esbuild";
import { bundleHandlers } from "../../../local/src/services/lambda/bundle.ts";
import { repositoryRoot } from "../repository-root.ts";
import { apiHandler } from "./links.ts";

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

/** Each form's bundle as `sst deploy` makes it. */
export async function deployedBundles(folder: string): Promise<ReadonlyMap<Form, string>> {
  const bundles = await bundleHandlers({
    root: repositoryRoot,
    outDir: folder,
    functionNamesByHandler: new Map(forms.map((form) => [handlerByForm[form], [form]])),
  });
  return new Map(
    forms.map((form) => {
      const bundle = bundles.get(handlerByForm[form]);
      if (bundle === undefined) {
        throw new Error(`${form} was not bundled`);
      }
      return [form, bundle.file];
    }),
  );
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

/** The same with the SDK's transport answering from memory: for the CPU of warm calls, where size does not matter. */
export async function storelessBundles(folder: string): Promise<ReadonlyMap<Form, string>> {
  const built = forms.map(async (form): Promise<[Form, string]> => {
    const outfile = path.join(folder, `${forms.indexOf(form)}.mjs`);
    await build({
      entryPoints: [path.join(repositoryRoot, handlerByForm[form].replace(/\.handler$/, ".ts"))],
      outfile,
      bundle: true,
      platform: "node",
      format: "esm",
      target: "esnext",
      mainFields: ["module", "main"],
      minify: true,
      keepNames: true,
      banner: { js: requireBanner },
      plugins: [cannedTransport],
      logLevel: "silent",
      absWorkingDir: repositoryRoot,
    });
    return [form, outfile];
  });
  return new Map(await Promise.all(built));
}

export interface BundleSize {
  readonly bytes: number;
  readonly gzipBytes: number;
}

export function sizeOf(file: string): BundleSize {
  const content = readFileSync(file);
  return { bytes: content.length, gzipBytes: gzipSync(content, { level: 9 }).length };
}
