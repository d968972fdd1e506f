import type { GraphIndex } from "../graph/index-graphs.ts";

/** Types that the local world honours without running a thing of their own, and how. */
const honoured: Readonly<Record<string, string>> = {
  "aws:iam/role:Role": "its statements are evaluated at each call",
  "aws:lambda/permission:Permission": "checked at start",
  "aws:lambda/functionRecursionConfig:FunctionRecursionConfig": "no recursion is cut short here",
  "aws:cloudwatch/logGroup:LogGroup": "logs go to .antipode/logs",
  "aws:s3/bucketObjectv2:BucketObjectv2": "code is bundled here instead of uploaded",
};

export interface NotRun {
  readonly type: string;
  /** How many, over all stages. */
  readonly count: number;
  readonly names: readonly string[];
}

/** Resources of the graphs that have no counterpart here, by type: a person should know what is not being tried. */
export function planNotRun(index: GraphIndex, runTypes: readonly string[]): NotRun[] {
  const run = new Set([...runTypes, ...Object.keys(honoured)]);
  const names = new Map<string, string[]>();
  for (const { type, name } of index.graphs.flatMap((graph) => graph.resources)) {
    if (!run.has(type)) names.set(type, [...(names.get(type) ?? []), name]);
  }
  return [...names]
    .map(([type, list]) => ({ type, count: list.length, names: [...new Set(list)].sort() }))
    .sort((a, b) => (a.type < b.type ? -1 : 1));
}
