import { fileURLToPath } from "node:url";
import { build, type Metafile } from "esbuild";

export type Bundled = Metafile["outputs"][string];

/** What is in a function's bundle: each file with the bytes that are left of it. */
export async function bundleOf(handler: string): Promise<Bundled> {
  const { metafile } = await build({
    entryPoints: [fileURLToPath(new URL(`../${handler}/handler.ts`, import.meta.url))],
    bundle: true,
    platform: "node",
    format: "esm",
    target: "esnext",
    mainFields: ["module", "main"],
    minify: true,
    keepNames: true,
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  const [output] = Object.values(metafile.outputs);
  if (output === undefined) {
    throw new Error(`nothing was made of ${handler}`);
  }
  return output;
}

export const filesIn = ({ inputs }: Bundled, pattern: RegExp): readonly string[] =>
  Object.keys(inputs).filter((file) => pattern.test(file));
