import { createRequire } from "node:module";
import path from "node:path";

export interface OnLoadArgs {
  readonly path: string;
}

export interface EsbuildPlugin {
  readonly name: string;
  setup(build: {
    onLoad(
      filter: { filter: RegExp },
      load: (args: OnLoadArgs) => { contents: string; loader: string } | undefined,
    ): void;
  }): void;
}

export interface EsbuildMetafile {
  readonly inputs: Readonly<
    Record<
      string,
      {
        readonly imports: readonly {
          readonly kind: string;
          readonly original?: string;
          readonly path: string;
        }[];
      }
    >
  >;
  readonly outputs: Readonly<Record<string, { readonly exports: readonly string[] }>>;
}

/** The part of esbuild's interface that is used here. */
export interface Esbuild {
  build(options: Readonly<Record<string, unknown>>): Promise<{
    readonly metafile?: EsbuildMetafile;
    readonly outputFiles?: readonly { readonly text: string }[];
  }>;
}

/** The esbuild of SST's platform, so that the program is built by the version that its CLI was made with. */
export function loadEsbuild(platform: string): Esbuild {
  return createRequire(path.join(platform, "package.json"))("esbuild") as Esbuild;
}
