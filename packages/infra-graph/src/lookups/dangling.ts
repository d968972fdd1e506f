import type { Graph, GraphLookup } from "../format.ts";
import { parseStage } from "../stages.ts";
import { candidatesOf, findResource } from "./find.ts";
import { isExternal, lookupTokens } from "./tokens.ts";

export interface DanglingLookup {
  readonly stage: string;
  readonly lookup: GraphLookup;
}

function targetOf(lookup: GraphLookup): { readonly type: string; readonly key: string } {
  const token = lookupTokens[lookup.token ?? ""];
  return token
    ? { type: token.type, key: String(lookup.key[token.key]) }
    : { type: lookup.type ?? lookup.token ?? "", key: String(lookup.key["id"]) };
}

/**
 * The look-ups that no stage of the same environment answers: a table that was renamed, a replica that was dropped,
 * an alias in another region. Names outside any stage, such as hosted zones, are not looked for.
 */
export function findDanglingLookups(graphs: readonly Graph[]): DanglingLookup[] {
  const environmentOf = (graph: Graph): string => parseStage(graph.stage)?.environment ?? graph.stage;
  return graphs.flatMap((graph) => {
    const candidates = graphs
      .filter((other) => environmentOf(other) === environmentOf(graph))
      .flatMap(candidatesOf);
    const aliased = (key: string, region: string): string =>
      key.startsWith("alias/")
        ? String(
            findResource(candidates, { type: "aws:kms/alias:Alias", key, region })?.state["targetKeyArn"] ??
              key,
          )
        : key;
    return graph.lookups
      .filter((lookup) => !isExternal(lookup.type ?? lookup.token ?? "", lookup.name, lookup.key))
      .filter((lookup) => {
        const { type, key } = targetOf(lookup);
        const wanted = type === "aws:kms/key:Key" ? aliased(key, lookup.region) : key;
        return !findResource(candidates, { type, key: wanted, region: lookup.region });
      })
      .map((lookup) => ({ stage: graph.stage, lookup }));
  });
}
