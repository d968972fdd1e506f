import type { Graph, Json } from "../format.ts";
import { isJsonObject } from "../monitor/plain.ts";

/** What a text holds when an output was put into it that is not there, or was not waited for. */
const broken = /\bundefined\b|\[object Object\]|Calling \[toString\] on an \[Output/;

function brokenPath(value: Json, path: string): string | undefined {
  if (typeof value === "string") {
    return broken.test(value) ? `${path} is ${JSON.stringify(value.slice(0, 80))}` : undefined;
  }
  const members = Array.isArray(value)
    ? [...value.entries()]
    : isJsonObject(value)
      ? Object.entries(value)
      : [];
  for (const [key, member] of members) {
    const found = brokenPath(member, path === "" ? String(key) : `${path}.${key}`);
    if (found) {
      return found;
    }
  }
  return undefined;
}

/**
 * Texts in which JavaScript or Pulumi left a trace of a missing value, one line per resource or look-up. A
 * deployment would fail on most of them; a graph would carry them silently.
 */
export function findBrokenTexts(graph: Graph): string[] {
  return [...graph.resources, ...graph.lookups].flatMap((entry) => {
    const found = brokenPath(entry as unknown as Json, "");
    const kind = entry.type ?? ("token" in entry ? entry.token : "");
    return found ? [`${kind} "${entry.name}": ${found}`] : [];
  });
}
