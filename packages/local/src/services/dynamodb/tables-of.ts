import type { JsonObject } from "../../engine/engine.ts";

/** The names of the tables that a request touches, each once. Lenient: the engine refuses what is malformed. */
export function tablesOf(request: JsonObject): readonly string[] {
  const names = new Set<string>();
  const add = (name: unknown) => {
    if (typeof name === "string" && name !== "") names.add(name);
  };
  add(request["TableName"]);
  const batch = request["RequestItems"];
  if (typeof batch === "object" && batch !== null) Object.keys(batch).forEach(add);
  const transaction = request["TransactItems"];
  if (Array.isArray(transaction)) {
    for (const item of transaction as readonly (JsonObject | null)[]) {
      for (const action of Object.values(item ?? {})) add((action as JsonObject | null)?.["TableName"]);
    }
  }
  return [...names];
}
