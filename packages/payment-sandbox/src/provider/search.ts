import { type Failure, invalid } from "./failure.ts";
import type { Intent } from "./intent.ts";
import type { Parameters } from "./operations.ts";
import { intentJson, type Json, searchJson } from "./wire.ts";

/** The one kind of query that the shop sends: `metadata['order']:'…'`. The provider's language has more. */
const metadataQuery = /^metadata\['([^'"\\[\]]{1,40})'\]:'([^'"\\]{1,500})'$/;

/** The newest first, a page at a time; `indexed` is what the index holds by now, the oldest first. */
export function search(
  indexed: readonly Intent[],
  { query, limit, page, expand = [] }: Parameters<"search">,
): { readonly body: Json } | { readonly failure: Failure } {
  const [, name, value] = metadataQuery.exec(query) ?? [];
  if (name === undefined || value === undefined) {
    return { failure: invalid("parameter_invalid", "We were unable to parse your search query.", "query") };
  }
  // the provider compares without regard to case
  const wanted = value.toLowerCase();
  const found = indexed.filter(({ metadata }) => metadata[name]?.toLowerCase() === wanted).reverse();
  const from = page === undefined ? 0 : found.findIndex(({ id }) => id === page) + 1;
  if (page !== undefined && from === 0) {
    return { failure: invalid("parameter_invalid", "Invalid pagination token.", "page") };
  }
  const shown = found.slice(from, from + limit);
  const next = from + limit < found.length ? shown.at(-1)?.id : undefined;
  const inner = expand.map((field) => field.replace(/^data\./, ""));
  const data = shown.map((intent) => intentJson(intent, inner));
  return { body: searchJson("/v1/payment_intents/search", data, next) };
}
