import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { type Graph, graphSchema } from "./schema.ts";

/** A graph that is missing, unreadable or refers to nothing: said in one line, with what to do. */
export class GraphError extends Error {
  override name = "GraphError";
}

/**
 * Reads the committed graphs of every stage of one environment, home stage first.
 *
 * @throws GraphError when there is none, or one is not a graph
 */
export function loadGraphs(folder: string, environment: string, regions: readonly string[]): Graph[] {
  const present = readdirSync(folder);
  return regions.map((region) => {
    const file = `${environment}-${region}.json`;
    if (!present.includes(file))
      throw new GraphError(`no graph of ${environment} in ${region}: run "npm run graph"`);
    const parsed = graphSchema.safeParse(JSON.parse(readFileSync(path.join(folder, file), "utf8")));
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw new GraphError(
        `graphs/${file} is not a graph (${issue?.path.join(".")}: ${issue?.message}): run "npm run graph"`,
      );
    }
    return parsed.data;
  });
}
