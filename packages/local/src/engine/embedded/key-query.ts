import type { AttributeValue } from "../item-change.ts";
import { sortText } from "../value.ts";
import { checkKeySizes, invalid } from "./check.ts";
import { type Entry, lowerBound } from "./collection.ts";
import type { QueryRequest, RangeCondition } from "./request.ts";
import type { Source } from "./source.ts";
import { keyNames } from "./table.ts";

/** The entries that a key condition selects, as a half-open range of positions. */
export function rangeBounds(
  entries: readonly Entry[],
  condition: RangeCondition | undefined,
): [number, number] {
  if (condition === undefined) return [0, entries.length];
  const [first, second] = condition.AttributeValueList;
  if (first === undefined) throw new Error("a key condition without a value");
  const value = sortText(first);
  const from = (text: string) => lowerBound(entries, (entry) => entry.sort < text);
  const past = (text: string) => lowerBound(entries, (entry) => entry.sort <= text);
  switch (condition.ComparisonOperator) {
    case "EQ":
      return [from(value), past(value)];
    case "LT":
      return [0, from(value)];
    case "LE":
      return [0, past(value)];
    case "GT":
      return [past(value), entries.length];
    case "GE":
      return [from(value), entries.length];
    case "BETWEEN":
      return [from(value), past(second === undefined ? value : sortText(second))];
    case "BEGINS_WITH":
      // bytes are characters up to U+00FF, so this sorts after every continuation
      return [from(value), from(`${value}\u0100`)];
    default:
      throw invalid("Attempted conditional constraint is not an indexable operation");
  }
}

export interface KeyQuery {
  readonly hash: AttributeValue;
  readonly range: RangeCondition | undefined;
}

function typed(source: Source, name: string, condition: RangeCondition): RangeCondition {
  const type = source.table.schema.attributes[name];
  if (type === undefined || condition.AttributeValueList.some((value) => !(type in value))) {
    throw invalid(
      "One or more parameter values were invalid: Condition parameter type does not match schema type",
    );
  }
  return condition;
}

function refuseEmpty(name: string, { AttributeValueList }: RangeCondition): void {
  for (const value of AttributeValueList) {
    if (!(("S" in value && value.S === "") || ("B" in value && value.B === ""))) continue;
    throw invalid(
      `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${"S" in value ? "string" : "binary"} value. Key: ${name}`,
    );
  }
}

/** What a query asks of the keys. Throws ValidationException where it is not a query of one partition. */
export function keyQuery(source: Source, request: QueryRequest): KeyQuery {
  const { hashKey, rangeKey } = source.schema;
  const conditions = request.KeyConditions;
  const hash = conditions[hashKey];
  if (hash === undefined) throw invalid(`Query condition missed key schema element: ${hashKey}`);
  for (const name of Object.keys(conditions)) {
    if (name === hashKey || name === rangeKey) continue;
    throw invalid(
      rangeKey === undefined
        ? "Query key condition not supported"
        : `Query condition missed key schema element: ${rangeKey}`,
    );
  }
  const [value] = typed(source, hashKey, hash).AttributeValueList;
  if (hash.ComparisonOperator !== "EQ" || value === undefined)
    throw invalid("Query key condition not supported");
  const range = rangeKey === undefined ? undefined : conditions[rangeKey];
  refuseEmpty(hashKey, hash);
  if (rangeKey === undefined || range === undefined) return { hash: value, range: undefined };
  refuseEmpty(rangeKey, typed(source, rangeKey, range));
  for (const bound of range.AttributeValueList) {
    checkKeySizes(source.schema, { [hashKey]: value, [rangeKey]: bound });
  }
  return { hash: value, range };
}

export function refuseKeyFilter(source: Source, request: QueryRequest): void {
  for (const name of keyNames(source.schema)) {
    if (request._filter?.pathHeads[name] === true) {
      throw invalid(
        `Filter Expression can only contain non-primary key attributes: Primary key attribute: ${name}`,
      );
    }
  }
}
