import { fileURLToPath } from "node:url";
import { build, type Metafile } from "esbuild";
import { beforeAll, describe, expect, test } from "vitest";

/** What is in a handler's bundle: each file with the bytes that are left of it. */
async function inputsOf(handler: string): Promise<Metafile["outputs"][string]> {
  const { metafile } = await build({
    entryPoints: [fileURLToPath(new URL(handler, import.meta.url))],
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

let api: Metafile["outputs"][string];
let docs: Metafile["outputs"][string];

beforeAll(async () => {
  [api, docs] = await Promise.all([inputsOf("../api/handler.ts"), inputsOf("./handler.ts")]);
});

const filesIn = (output: typeof api, pattern: RegExp) =>
  Object.keys(output.inputs).filter((file) => pattern.test(file));

describe("the shop's function", () => {
  test("has nothing of the specification or its page", () => {
    expect(filesIn(api, /src\/api\/route\.ts$/)).toHaveLength(1);
    expect(filesIn(api, /src\/docs\/|src\/api\/specification\/|openapi|swagger/)).toEqual([]);
  });
});

describe("the documentation's function", () => {
  test("has its own code, and none of the shop's: no route, no contract, no session, no store", () => {
    expect(filesIn(docs, /src\/docs\/files\.ts$/)).toHaveLength(1);
    expect(filesIn(docs, /src\/api\/(routes|specification)\/|\/(create-api|route|contract)\.ts$/)).toEqual(
      [],
    );
    expect(filesIn(docs, /@aws-sdk|node_modules\/jose|swagger|openapi/)).toEqual([]);
  });

  test("is the smaller one by far: the files lie beside it", () => {
    expect(docs.bytes).toBeLessThan(api.bytes / 2);
  });
});
