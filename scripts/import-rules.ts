/** The dependency rules between packages, checked on the text of import statements. */
import path from "node:path";

export interface SourceFile {
  /** From the repository's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

interface Import {
  /** A repository path for relative imports, else the module's name. */
  readonly target: string;
  readonly typeOnly: boolean;
}

const importPattern = /(?:^|\n)\s*(?:import|export)\s+(type\s+)?(?:[^"'`;]*?\sfrom\s*)?["']([^"']+)["']/g;
const dynamicImportPattern = /\bimport\(\s*["']([^"']+)["']\s*\)/g;

function importsOf(file: SourceFile): Import[] {
  const resolve = (name: string) =>
    name.startsWith(".") ? path.posix.join(path.posix.dirname(file.path), name) : name;
  return [
    ...[...file.text.matchAll(importPattern)].map((match) => ({
      target: resolve(match[2] ?? ""),
      typeOnly: match[1] !== undefined,
    })),
    ...[...file.text.matchAll(dynamicImportPattern)].map((match) => ({
      target: resolve(match[1] ?? ""),
      typeOnly: false,
    })),
  ];
}

const isTest = (file: string) => /\.test\.ts$/.test(file) || file.includes("/testing/");

/** Sources of other packages that the bench calls, or that its peers share with the API to do the same work. */
const measuredByBench: ReadonlySet<string> = new Set([
  "packages/functions/src/aws/expressions.ts",
  "packages/functions/src/dispatcher/catalog/rebuild-view.ts",
  "packages/functions/src/dispatcher/create-dispatcher.ts",
  "packages/functions/src/platform/sessions.ts",
  "packages/local/src/services/lambda/bundle.ts",
]);

type Rule = (from: string, target: string) => boolean;

/** Each rule says which imports it forbids. */
const forbidden: [folder: string, why: string, rule: Rule][] = [
  [
    "packages/core/",
    "core imports zod at most",
    (from, target) => !isTest(from) && target !== "zod" && !target.startsWith("packages/core/"),
  ],
  [
    "packages/functions/",
    "functions import core, and the AWS SDK only in src/aws",
    (from, target) =>
      target.startsWith("@aws-sdk/") && !from.startsWith("packages/functions/src/aws/") && !isTest(from),
  ],
  [
    "packages/functions/",
    "Stripe's SDK is in src/payments only",
    (from, target) => /^stripe($|\/)/.test(target) && !from.startsWith("packages/functions/src/payments/"),
  ],
  [
    "packages/functions/",
    "Resource is read in handlers only",
    (from, target) => target === "sst" && !/\/handler\.ts$/.test(from),
  ],
  [
    "packages/functions/",
    "functions know nothing of the local world, the simulator or infra",
    (from, target) =>
      !isTest(from) &&
      /^(@antipode\/(local|simulator|infra-graph)|packages\/(local|simulator)|infra)/.test(target),
  ],
  [
    "packages/local/",
    "the local world runs bundles and reads graphs: it imports core only",
    (from, target) =>
      !isTest(from) &&
      /^(@antipode\/(?!core)|packages\/(?!local|core)|infra\/|sst$|sst\.config)/.test(target),
  ],
  [
    "packages/payment-sandbox/",
    "the sandbox provider imports core and zod at most",
    (from, target) =>
      !isTest(from) && !/^(zod$|node:|@antipode\/core$|packages\/payment-sandbox\/)/.test(target),
  ],
  [
    "packages/",
    "nothing imports the sandbox provider: it is a process of its own",
    (from, target) =>
      !from.startsWith("packages/payment-sandbox/") &&
      /^(@antipode\/payment-sandbox|packages\/payment-sandbox\/)/.test(target),
  ],
  [
    "packages/infra-graph/",
    "the evaluator runs infra, it imports none of it",
    (from, target) =>
      !isTest(from) && /^(@antipode\/(?!core)|packages\/(?!infra-graph|core)|infra\/)/.test(target),
  ],
  [
    "packages/bench/",
    "the bench measures bundles: of the sources it imports core, and the few parts that it measures or shares",
    (from, target) =>
      !isTest(from) &&
      /^(@antipode\/(?!core|local\/testing)|packages\/(?!bench|core)|infra\/|sst$|sst\.config)/.test(
        target,
      ) &&
      !measuredByBench.has(target),
  ],
  [
    "packages/",
    "nothing imports the bench",
    (from, target) =>
      !from.startsWith("packages/bench/") && /^(@antipode\/bench|packages\/bench\/)/.test(target),
  ],
  [
    "infra/",
    "infra imports infra and the region list, and names handlers by path",
    (from, target) =>
      !isTest(from) && !target.startsWith("infra/") && target !== "packages/core/src/region/regions.ts",
  ],
];

const coreReaches = [/\bDate\.now\b/, /\bMath\.random\b/, /\bprocess\.env\b/, /\bnew Date\(\)/];

/** One line for each broken rule; empty when all hold. */
export function violations(files: readonly SourceFile[]): string[] {
  const found: string[] = [];
  const graph = new Map<string, string[]>();
  for (const file of files) {
    const imports = importsOf(file);
    graph.set(
      file.path,
      imports.filter(({ typeOnly, target }) => !typeOnly && target.includes("/")).map(({ target }) => target),
    );
    for (const [folder, why, rule] of forbidden) {
      if (!file.path.startsWith(folder)) continue;
      for (const { target } of imports) {
        if (rule(file.path, target)) found.push(`${file.path} imports ${target}: ${why}`);
      }
    }
    if (file.path.startsWith("packages/core/") && !isTest(file.path)) {
      for (const pattern of coreReaches) {
        const match = pattern.exec(file.text);
        if (match) found.push(`${file.path} uses ${match[0]}: time and chance are arguments in core`);
      }
    }
  }
  return [...found, ...cycles(graph)];
}

function cycles(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const found: string[] = [];
  const state = new Map<string, "open" | "done">();
  const visit = (file: string, trail: readonly string[]): void => {
    if (state.get(file) === "done") return;
    if (state.get(file) === "open") {
      found.push(`cycle: ${[...trail.slice(trail.indexOf(file)), file].join(" → ")}`);
      return;
    }
    state.set(file, "open");
    for (const next of graph.get(file) ?? []) if (graph.has(next)) visit(next, [...trail, file]);
    state.set(file, "done");
  };
  for (const file of graph.keys()) visit(file, []);
  return found;
}
