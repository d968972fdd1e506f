import type { Graph, GraphLookup, GraphResource, Json } from "../format.ts";

const shownLength = 80; // of a value in a message; more than this hides what the line is about

function show(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > shownLength ? `${text.slice(0, shownLength)}…` : text;
}

/** The first member in which two values differ, as `path: committed X, evaluated Y`; undefined when they agree. */
function valueDifference(
  committed: Json | undefined,
  evaluated: Json | undefined,
  path: string,
): string | undefined {
  if (JSON.stringify(committed) === JSON.stringify(evaluated)) {
    return undefined;
  }
  if (isTree(committed) && isTree(evaluated)) {
    const [before, after] = [members(committed), members(evaluated)];
    for (const key of new Set([...before.keys(), ...after.keys()])) {
      const found = valueDifference(before.get(key), after.get(key), path ? `${path}.${key}` : key);
      if (found) {
        return found;
      }
    }
    return `${path}: other order`;
  }
  return `${path}: committed ${show(committed)}, evaluated ${show(evaluated)}`;
}

function isTree(value: Json | undefined): value is Exclude<Json, null | boolean | number | string> {
  return typeof value === "object" && value !== null;
}

function members(tree: object): Map<string, Json> {
  return new Map(Object.entries(tree) as [string, Json][]);
}

type Entry = GraphResource | GraphLookup;

function keyed(entries: readonly Entry[]): Map<string, Entry> {
  const byKey = new Map<string, Entry>();
  for (const entry of entries) {
    const kind = entry.type ?? ("token" in entry ? entry.token : undefined) ?? "";
    const key = `${kind} ${entry.name} in ${entry.region}`;
    byKey.set(byKey.has(key) ? `${key} (${byKey.size})` : key, entry);
  }
  return byKey;
}

function entriesDifference(committed: readonly Entry[], evaluated: readonly Entry[]): string | undefined {
  const [before, after] = [keyed(committed), keyed(evaluated)];
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const [old, current] = [before.get(key), after.get(key)];
    if (!old || !current) {
      return `${key} is ${old ? "no longer there" : "new"}`;
    }
    const found = valueDifference(old as unknown as Json, current as unknown as Json, "");
    if (found) {
      return `${key}: ${found}`;
    }
  }
  return undefined;
}

/** What differs first between a committed graph and the evaluated one, in one line; undefined when nothing does. */
export function firstDifference(committed: Graph, evaluated: Graph): string | undefined {
  const { resources, lookups, ...head } = committed;
  const { resources: evaluatedResources, lookups: evaluatedLookups, ...evaluatedHead } = evaluated;
  return (
    valueDifference(head as unknown as Json, evaluatedHead as unknown as Json, "") ??
    entriesDifference(resources, evaluatedResources) ??
    entriesDifference(lookups, evaluatedLookups)
  );
}
