import type { JsonObject } from "../engine.ts";
import { sortText } from "../value.ts";
import { checkedRequest, checkPaths, invalid } from "./check.ts";
import { comesBefore, lowerBound, type Partition, type Position, partitionToken } from "./collection.ts";
import { keyQuery, rangeBounds, refuseKeyFilter } from "./key-query.ts";
import { page } from "./page.ts";
import type { RangeCondition, ScanRequest } from "./request.ts";
import { type Source, sourceOf, startPosition } from "./source.ts";
import type { TableLookup } from "./write.ts";

function* queried(
  partition: Partition | undefined,
  range: RangeCondition | undefined,
  start: Position | undefined,
  forward: boolean,
) {
  if (partition === undefined) return;
  const { entries } = partition;
  let [low, high] = rangeBounds(entries, range);
  if (start !== undefined) {
    const at = lowerBound(entries, (entry) => comesBefore(entry, start.sort, start.tie));
    const entry = entries[at];
    if (forward) low = Math.max(low, entry?.sort === start.sort && entry.tie === start.tie ? at + 1 : at);
    else high = Math.min(high, at);
  }
  for (let step = 0; step < high - low; step += 1) {
    const entry = entries[forward ? low + step : high - 1 - step];
    if (entry !== undefined) yield entry;
  }
}

export function query(lookup: TableLookup, request: JsonObject): JsonObject {
  const checked = checkedRequest("Query", request);
  const source = sourceOf(lookup(checked.TableName), checked);
  const { hash, range } = keyQuery(source, checked);
  const partitionName = sortText(hash);
  const start = startPosition(source, checked.ExclusiveStartKey);
  if (start !== undefined && start.partition !== partitionName) {
    throw invalid("The provided starting key is outside query boundaries based on provided conditions");
  }
  if (start !== undefined && range !== undefined) {
    const [low, high] = rangeBounds([{ sort: start.sort, tie: start.tie, item: {} }], range);
    if (low >= high) throw invalid("The provided starting key does not match the range key predicate");
  }
  checkPaths(source.table, checked._projection, checked._filter);
  refuseKeyFilter(source, checked);
  const partition = source.collection.partition(partitionName);
  return page(source, checked, queried(partition, range, start, checked.ScanIndexForward !== false));
}

/** Parallel scans share partitions out by the first three hex digits of their tokens. */
const segmentSpace = 4096;

function* scanned(source: Source, request: ScanRequest, start: Position | undefined) {
  const partitions = source.collection.partitions();
  const total = request.TotalSegments ?? 1;
  const segmentOf = (token: string) =>
    Math.floor((Number.parseInt(token.slice(0, 3), 16) * total) / segmentSpace);
  const startToken = start === undefined ? "" : partitionToken(start.partition);
  if (start !== undefined && segmentOf(startToken) !== (request.Segment ?? 0)) {
    throw invalid(
      "The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment.",
    );
  }
  for (let at = lowerBound(partitions, (one) => one.token < startToken); at < partitions.length; at += 1) {
    const partition = partitions[at];
    if (partition === undefined || segmentOf(partition.token) !== (request.Segment ?? 0)) continue;
    yield* queried(partition, undefined, start?.partition === partition.name ? start : undefined, true);
  }
}

export function scan(lookup: TableLookup, request: JsonObject): JsonObject {
  const checked = checkedRequest("Scan", request);
  const source = sourceOf(lookup(checked.TableName), checked);
  const start = startPosition(source, checked.ExclusiveStartKey);
  checkPaths(source.table, checked._projection, checked._filter);
  return page(source, checked, scanned(source, checked, start));
}
