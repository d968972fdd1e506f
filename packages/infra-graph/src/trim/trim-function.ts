import { type GraphFunction, type Json, type JsonObject, secretMark } from "../format.ts";
import { isJsonObject, revealSecrets } from "../monitor/plain.ts";
import type { RawBuild, RawResource } from "../monitor/raw.ts";

/** They decrypt the links in a deployed bundle; the graph has the links themselves. */
const keyVariables = new Set(["SST_KEY", "SST_KEY_FILE"]);

// Lambda's own defaults, for functions that are not SST's (which always sets them).
const lambdaDefaults = { timeoutSeconds: 3, memoryMb: 128, architecture: "x86_64" };

function stringOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

function numberOr(value: Json | undefined, fallback: number): number {
  return typeof value === "number" ? value : fallback;
}

function environmentOf(inputs: JsonObject, redact: (text: string) => string): Record<string, string> {
  const environment = inputs["environment"];
  const variables = isJsonObject(environment) ? environment["variables"] : undefined;
  const entries = isJsonObject(variables) ? Object.entries(variables) : [];
  const kept = entries.filter(([name]) => !keyVariables.has(name)).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(kept.map(([name, value]) => [name, redact(stringOf(value))]));
}

function redactAll(value: Json, redact: (text: string) => string): Json {
  if (typeof value === "string") {
    return redact(value);
  }
  if (Array.isArray(value)) {
    return value.map((member) => redactAll(member, redact));
  }
  return isJsonObject(value) ? redactMembers(value, redact) : value;
}

function redactMembers(value: JsonObject, redact: (text: string) => string): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, redactAll(member, redact)]));
}

/**
 * Replaces each of the given secrets in a text. One secret among a function's variables makes Pulumi mark all of
 * them; going by value keeps the rest readable.
 */
export function createRedactor(secrets: Iterable<string>): (text: string) => string {
  const values = [...new Set(secrets)].filter((secret) => secret !== "" && secret !== secretMark);
  return (text) => values.reduce((redacted, secret) => redacted.replaceAll(secret, secretMark), text);
}

/**
 * The function part of a Lambda function's entry. Its source handler, links and build properties are not on the
 * resource: they come from the build that SST asked for under the component's name.
 */
export function trimFunction(
  raw: RawResource,
  builds: readonly RawBuild[],
  redact: (text: string) => string,
): GraphFunction {
  const revealed = revealSecrets(raw.inputs);
  const inputs = isJsonObject(revealed) ? revealed : {};
  const build = builds.find(({ functionId }) => functionId === raw.parent?.split("::").at(-1));
  const architectures = inputs["architectures"];
  const { architecture: _, ...properties } = build?.properties ?? {};
  const links = Object.entries(build?.links ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    handler: build?.handler ?? stringOf(inputs["handler"]),
    links: Object.fromEntries(links.map(([name, link]) => [name, redactMembers(link, redact)])),
    environment: environmentOf(inputs, redact),
    timeoutSeconds: numberOr(inputs["timeout"], lambdaDefaults.timeoutSeconds),
    memoryMb: numberOr(inputs["memorySize"], lambdaDefaults.memoryMb),
    architecture: Array.isArray(architectures) ? stringOf(architectures[0]) : lambdaDefaults.architecture,
    runtime: stringOf(inputs["runtime"]),
    role: stringOf(inputs["role"]),
    bundle: properties,
    ...(build === undefined || build.copyFiles.length === 0 ? {} : { copyFiles: build.copyFiles }),
  };
}
