import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type SourceFile, violations } from "./import-rules.ts";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

function sourceFiles(folder: string): SourceFile[] {
  return readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|mts)$/.test(entry.name) && !entry.name.endsWith(".d.ts"))
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, "/"))
    .filter((file) => !file.includes("node_modules/") && !file.includes("/testing/fixture"))
    .map((file) => ({ path: file, text: readFileSync(path.join(root, file), "utf8") }));
}

describe("who may import whom", () => {
  it("holds in the whole repository", () => {
    const files = [...sourceFiles("packages"), ...sourceFiles("infra")];
    expect(files.map((file) => file.path)).toContain("packages/core/src/region/regions.ts");
    expect(violations(files)).toEqual([]);
  });

  const broken: [string, SourceFile[], string][] = [
    [
      "core reaches for node",
      [{ path: "packages/core/src/a.ts", text: 'import fs from "node:fs";' }],
      "node:fs",
    ],
    ["core reads the clock", [{ path: "packages/core/src/a.ts", text: "const t = Date.now();" }], "Date.now"],
    [
      "core rolls dice",
      [{ path: "packages/core/src/a.ts", text: "const t = Math.random();" }],
      "Math.random",
    ],
    [
      "core reads the environment",
      [{ path: "packages/core/src/a.ts", text: "process.env.X" }],
      "process.env",
    ],
    [
      "the AWS SDK outside functions/src/aws",
      [{ path: "packages/functions/src/api/a.ts", text: 'import { S3Client } from "@aws-sdk/client-s3";' }],
      "@aws-sdk/client-s3",
    ],
    [
      "Stripe's SDK outside functions/src/payments",
      [{ path: "packages/functions/src/api/a.ts", text: 'import Stripe from "stripe";' }],
      "stripe",
    ],
    [
      "the sandbox provider imports Stripe's SDK",
      [{ path: "packages/payment-sandbox/src/a.ts", text: 'import Stripe from "stripe";' }],
      "stripe",
    ],
    [
      "the sandbox provider imports the local world",
      [{ path: "packages/payment-sandbox/src/a.ts", text: 'import { x } from "../../local/src/a.ts";' }],
      "packages/local/src/a.ts",
    ],
    [
      "a test imports the sandbox provider",
      [
        {
          path: "packages/functions/src/payments/a.test.ts",
          text: 'import { x } from "../../../payment-sandbox/src/serve.ts";',
        },
      ],
      "packages/payment-sandbox/src/serve.ts",
    ],
    [
      "Resource outside a handler",
      [{ path: "packages/functions/src/api/app.ts", text: 'import { Resource } from "sst";' }],
      "sst",
    ],
    [
      "functions import the local world",
      [{ path: "packages/functions/src/api/a.ts", text: 'import { x } from "@antipode/local/testing";' }],
      "@antipode/local",
    ],
    [
      "the local world imports a function",
      [{ path: "packages/local/src/a.ts", text: 'import { x } from "../../functions/src/api/app.ts";' }],
      "packages/functions/src/api/app.ts",
    ],
    [
      "the bench reaches past what it measures",
      [
        {
          path: "packages/bench/src/a.ts",
          text: 'import { x } from "../../functions/src/api/create-api.ts";',
        },
      ],
      "packages/functions/src/api/create-api.ts",
    ],
    [
      "a package imports the bench",
      [{ path: "packages/functions/src/a.ts", text: 'import { x } from "../../bench/src/figure.ts";' }],
      "packages/bench/src/figure.ts",
    ],
    [
      "infra imports a function",
      [{ path: "infra/a.ts", text: 'import { x } from "../packages/functions/src/api/app.ts";' }],
      "packages/functions/src/api/app.ts",
    ],
    [
      "a cycle",
      [
        { path: "packages/core/src/a.ts", text: 'import { b } from "./b.ts";' },
        { path: "packages/core/src/b.ts", text: 'import { a } from "./a.ts";' },
      ],
      "cycle",
    ],
  ];

  it.each(broken)("is broken when %s", (_, files, evidence) => {
    const found = violations(files);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(evidence);
  });

  it("lets a test use the local world's engine, and a type-only cycle stand", () => {
    expect(
      violations([
        {
          path: "packages/functions/src/aws/a.test.ts",
          text: 'import { x } from "@antipode/local/testing";',
        },
        { path: "packages/core/src/a.ts", text: 'import type { B } from "./b.ts";' },
        { path: "packages/core/src/b.ts", text: 'import { a } from "./a.ts";' },
      ]),
    ).toEqual([]);
  });
});
