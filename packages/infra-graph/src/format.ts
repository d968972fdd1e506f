/**
 * The committed form of a stage's resource graph: `graphs/<stage>.json`. The local world, the graph tests and a
 * reviewer read it; nothing in it depends on the machine or the moment it was written.
 */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** Stands where a secret would: in inputs, environment variables and link properties. */
export const secretMark = "[secret]";

export interface Graph {
  readonly version: 1;
  readonly app: string;
  readonly stage: string;
  readonly region: string;
  /** Tags that the AWS provider puts on every resource of the stage. */
  readonly tags: Readonly<Record<string, string>>;
  /** Sorted by region, type, name. */
  readonly resources: readonly GraphResource[];
  readonly lookups: readonly GraphLookup[];
}

export interface GraphResource {
  /** Pulumi type, such as `aws:dynamodb/table:Table`. */
  readonly type: string;
  /** Pulumi's logical name, such as `CatalogTable`. */
  readonly name: string;
  /** Where the resource lives; services without a region have the stage's. */
  readonly region: string;
  readonly id?: string;
  readonly arn?: string;
  /** Only what the type's model lists; types without a list carry their name alone. */
  readonly inputs?: JsonObject;
  /** What the provider computes and other resources refer to. */
  readonly outputs?: JsonObject;
  /** Only on `aws:lambda/function:Function`. */
  readonly function?: GraphFunction;
}

export interface GraphFunction {
  /** Source handler from the repository's root, `path/without/extension.export`. */
  readonly handler: string;
  /** What `Resource.<Name>` of "sst" holds at run time, by name. */
  readonly links: Readonly<Record<string, JsonObject>>;
  /** Without the ones that only decrypt links (`SST_KEY`, `SST_KEY_FILE`). */
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly architecture: string;
  readonly runtime: string;
  /** ARN of the execution role. */
  readonly role: string;
  /** Build properties as SST hands them to its bundler: `minify`, `format`, … */
  readonly bundle: JsonObject;
  /** Files and folders that lie beside the bundle; absent when there are none. */
  readonly copyFiles?: readonly GraphCopy[];
}

export interface GraphCopy {
  /** From the repository's root. */
  readonly from: string;
  /** From the bundle's folder. */
  readonly to: string;
}

/** A statement of an IAM policy or trust policy; single values are widened to lists. */
export interface GraphStatement {
  readonly sid?: string;
  readonly effect: "Allow" | "Deny";
  readonly principals?: Readonly<Record<string, readonly string[]>>;
  readonly actions: readonly string[];
  readonly notActions?: readonly string[];
  readonly resources: readonly string[];
  readonly notResources?: readonly string[];
  /** Operator → condition key → values. */
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** Something that the stage reads and does not own: `X.get` (by type) or a provider function (by token). */
export interface GraphLookup {
  readonly type?: string;
  readonly token?: string;
  readonly name: string;
  readonly region: string;
  readonly key: JsonObject;
  readonly result: { readonly arn?: string; readonly name?: string };
}

/** The exact text of `graphs/<stage>.json`. */
export function graphToText(graph: Graph): string {
  return `${JSON.stringify(graph, null, 1)}\n`;
}
