import { randomUUID } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import type { App } from "./app.ts";
import { type EsbuildMetafile, type EsbuildPlugin, loadEsbuild } from "./esbuild.ts";
import { injectGlobals, steadyNames } from "./plugins.ts";

/** Where a project's parts are. */
export interface Project {
  /** Holds `.sst/platform`. */
  readonly root: string;
  /** Absolute path of `sst.config.ts`; its folder is the app's root. */
  readonly config: string;
}

/** A built program, to be removed after use. It lies in the platform folder, whose packages it imports. */
export interface BuiltProgram {
  readonly file: string;
  remove(): void;
}

// As SST's CLI: the bundle is an ES module, some of the bundled packages are CommonJS.
const banner = `
import { createRequire as topLevelCreateRequire } from 'module';
const require = topLevelCreateRequire(import.meta.url);
import { fileURLToPath as topLevelFileUrlToPath, URL as topLevelURL } from "url"
const __filename = topLevelFileUrlToPath(import.meta.url)
const __dirname = topLevelFileUrlToPath(new topLevelURL(".", import.meta.url))
`;

const external = [
  "@pulumi/*",
  "@pulumiverse/*",
  "@sst-provider/*",
  "@aws-sdk/*",
  "archiver",
  "esbuild",
  "glob",
  "prettier",
  "typescript",
  "undici",
  "unenv",
  "vite",
];

interface BundleInput {
  readonly project: Project;
  readonly code: string;
  readonly define: Readonly<Record<string, string>>;
  readonly banner?: string;
  readonly inject?: readonly string[];
  readonly plugins?: readonly EsbuildPlugin[];
}

interface Bundle extends BuiltProgram {
  readonly metafile: EsbuildMetafile;
}

export function platformOf(project: Project): string {
  return path.join(project.root, ".sst/platform");
}

async function bundle(input: BundleInput): Promise<Bundle> {
  const platform = platformOf(input.project);
  const appRoot = path.dirname(input.project.config);
  const file = path.join(platform, `graph.${process.pid}.${randomUUID()}.mjs`);
  const remove = (): void => {
    rmSync(file, { force: true });
    rmSync(`${file}.map`, { force: true });
  };
  try {
    const { metafile = { inputs: {}, outputs: {} } } = await loadEsbuild(platform).build({
      stdin: { contents: input.code, resolveDir: appRoot, sourcefile: "eval.ts", loader: "ts" },
      outfile: file,
      bundle: true,
      format: "esm",
      platform: "node",
      sourcemap: "linked",
      logLevel: "silent",
      metafile: true,
      mainFields: ["module", "main"],
      nodePaths: [path.join(platform, "node_modules")],
      absWorkingDir: appRoot,
      banner: { js: banner + (input.banner ?? "") },
      define: input.define,
      inject: input.inject ?? [],
      plugins: input.plugins ?? [],
      external,
    });
    return { file, remove, metafile };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Builds the part of `sst.config.ts` that says what the app is; its default export is what `app()` returned. */
export async function buildApp(project: Project, stage: string): Promise<BuiltProgram> {
  const built = await bundle({
    project,
    define: { $input: JSON.stringify({ stage }) },
    banner: "function $config(input) { return input }",
    code: `import mod from ${JSON.stringify(project.config)};\nexport default await mod.app({ stage: $input.stage });`,
  });
  const config = built.metafile.inputs[path.basename(project.config)];
  // esbuild lists values it defines as imports of their own, "<define:…>"
  const imported = config?.imports.find(
    ({ kind, path: target }) => kind === "import-statement" && !target.startsWith("<"),
  );
  if (imported) {
    built.remove();
    throw new Error(
      `sst.config.ts imports "${imported.original ?? imported.path}" at its top, which SST refuses: use await import() inside app() or run()`,
    );
  }
  return built;
}

/** Builds the program that SST's CLI would hand to Pulumi for `sst deploy`; `work` takes what the program writes. */
export async function buildProgram(project: Project, app: App, work: string): Promise<BuiltProgram> {
  const platform = platformOf(project);
  const appRoot = path.dirname(project.config);
  const lock = JSON.parse(
    readFileSync(path.join(project.root, ".sst/provider-lock.json"), "utf8"),
  ) as readonly {
    readonly alias: string;
    readonly package: string;
  }[];
  const globals = [
    ...lock.map(({ alias, package: name }) => `import * as ${alias} from ${JSON.stringify(name)};`),
    `import * as sst from ${JSON.stringify(path.join(platform, "src/components"))};`,
  ].join("\n");
  const cli = {
    command: "deploy",
    dev: false,
    paths: { home: work, root: appRoot, work, platform },
    state: { version: {} },
  };
  return bundle({
    project,
    define: { $app: JSON.stringify(app), $cli: JSON.stringify(cli), $dev: "false" },
    inject: [path.join(platform, "src/shim/run.js")],
    plugins: [steadyNames(), injectGlobals(globals)],
    code: [
      `import { run } from ${JSON.stringify(path.join(platform, "src/auto/run.ts"))};`,
      `import mod from ${JSON.stringify(project.config)};`,
      "export default await run(mod.run);",
    ].join("\n"),
  });
}
