import type { Graph, GraphLookup, GraphResource, JsonObject } from "../format.ts";
import { ambientTokens, lookupTokens } from "../lookups/tokens.ts";
import { modelOf } from "../model/registry.ts";
import { isJsonObject, revealSecrets } from "../monitor/plain.ts";
import type { RawBuild, RawCall, RawEvaluation, RawResource } from "../monitor/raw.ts";
import type { App } from "../program/app.ts";
import { createRedactor, trimFunction } from "./trim-function.ts";
import { type IsPublic, trimResource } from "./trim-resource.ts";

export interface TrimInput {
  readonly app: App;
  readonly raw: RawEvaluation;
  readonly builds: readonly RawBuild[];
}

/** SST's components, Pulumi's stack and its providers: the program's structure, nothing that is deployed. */
const structural = /^(sst:|pulumi:)/;

/** Providers whose outputs are made up at random, or keys. */
const secretive = /^(random|tls):/;

function createIsPublic(resources: readonly RawResource[]): IsPublic {
  const known = new Set<string>();
  for (const { type, id, outputs } of resources) {
    if (!secretive.test(type)) {
      for (const text of [id, ...Object.values(outputs)]) {
        if (typeof text === "string") {
          known.add(text);
        }
      }
    }
  }
  return (text) => known.has(text);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function byPlace<Entry extends { readonly region: string; readonly name: string }>(
  kind: (entry: Entry) => string,
): (a: Entry, b: Entry) => number {
  return (a, b) =>
    compare(a.region, b.region) ||
    compare(kind(a), kind(b)) ||
    compare(a.name, b.name) ||
    compare(JSON.stringify(a), JSON.stringify(b));
}

function resultOf(outputs: JsonObject, id: string): GraphLookup["result"] {
  const { arn, name } = outputs;
  return {
    ...(typeof arn === "string" && { arn }),
    name: typeof name === "string" ? name : id,
  };
}

function lookupOfRead(raw: RawResource): GraphLookup {
  const { type, name, region, id } = raw;
  const key = raw.kind === "read" ? { id } : revealSecrets(raw.inputs);
  return { type, name, region, key: isJsonObject(key) ? key : {}, result: resultOf(raw.outputs, id) };
}

function lookupOfCall({ token, region, inputs, outputs }: RawCall): GraphLookup {
  const name = String(inputs[lookupTokens[token]?.key ?? "name"] ?? outputs["id"] ?? "");
  const { region: _, ...key } = inputs;
  return { token, name, region, key, result: resultOf(outputs, String(outputs["id"] ?? "")) };
}

function withoutRepeats(lookups: readonly GraphLookup[]): GraphLookup[] {
  return [...new Map(lookups.map((lookup) => [JSON.stringify(lookup), lookup])).values()];
}

/** The committed form of an evaluation: allow-listed, sorted, without secrets and without code. */
export function trimGraph({ app, raw, builds }: TrimInput): Graph {
  const isPublic = createIsPublic(raw.resources);
  const redact = createRedactor(raw.secrets);
  const deployed = raw.resources.filter(({ kind, type }) => kind !== "component" && !structural.test(type));
  const isLookup = (resource: RawResource): boolean =>
    resource.kind === "read" || modelOf(resource.type, resource.name)?.lookup === true;

  const resources: GraphResource[] = deployed
    .filter((resource) => !isLookup(resource))
    .map((resource) => {
      const trimmed = trimResource(resource, modelOf(resource.type, resource.name), isPublic);
      return resource.type === "aws:lambda/function:Function"
        ? { ...trimmed, function: trimFunction(resource, builds, redact) }
        : trimmed;
    });
  const lookups = [
    ...deployed.filter(isLookup).map(lookupOfRead),
    ...raw.calls.filter(({ token }) => !ambientTokens.has(token)).map(lookupOfCall),
  ];
  return {
    version: 1,
    app: app.name,
    stage: app.stage,
    region: app.region,
    tags: app.tags,
    resources: resources.sort(byPlace(({ type }) => type)),
    lookups: withoutRepeats(lookups).sort(byPlace(({ type, token }) => type ?? token ?? "")),
  };
}
