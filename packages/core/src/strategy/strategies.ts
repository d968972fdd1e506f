/** How a multi-value register's siblings become the one value that readers get. */
export type ServingRule = "newest-stamp" | "lowest-amount";

export type RegisterKind =
  | "product.title"
  | "product.description"
  | "product.category"
  | "product.media"
  | "product.variants"
  | "product.price";

export type DataKind = RegisterKind | "cart" | "stock" | "order.placement" | "order.log" | "control";

export type Strategy =
  /** Grow-only sets of operations by id: carts. */
  | { readonly name: "operation-sets" }
  /** Each origin's last edit with a vector clock. Concurrent ones are all kept; the rule says which is served. */
  | { readonly name: "multi-value-register"; readonly serve: ServingRule }
  /** Units are rights; a region spends its own without asking. */
  | { readonly name: "escrow" }
  /** One winner for each cart generation, decided in one place. */
  | { readonly name: "one-per-generation" }
  /** A contiguous log of each origin, folded by stamp through the state machine. */
  | { readonly name: "folded-logs" }
  /** One writer for each item; readers fold all of them. */
  | { readonly name: "single-writer" };

type RegisterStrategy = Extract<Strategy, { name: "multi-value-register" }>;

/** Which kind of data merges how. */
export type Strategies = Readonly<Record<RegisterKind, RegisterStrategy>> &
  Readonly<Record<Exclude<DataKind, RegisterKind>, Strategy>>;

const newest: RegisterStrategy = { name: "multi-value-register", serve: "newest-stamp" };

export const strategies: Strategies = {
  cart: { name: "operation-sets" },
  "product.title": newest,
  "product.description": newest,
  "product.category": newest,
  "product.media": newest,
  "product.variants": newest,
  // The shopper is never charged more than a price that an operator meant to be in force.
  "product.price": { name: "multi-value-register", serve: "lowest-amount" },
  stock: { name: "escrow" },
  "order.placement": { name: "one-per-generation" },
  "order.log": { name: "folded-logs" },
  control: { name: "single-writer" },
};

/**
 * Two versions of the code may serve siblings by different rules while a release is under way. An item says by which
 * rules its writer goes, and a fold uses the lowest number in sight, so that all regions answer alike. Readers that
 * know a number are deployed before writers that use it.
 */
export type StrategiesByRules = Readonly<Record<number, Strategies>>;

export const strategiesByRules: StrategiesByRules = { 1: strategies };

/** What an item without a number means. */
export const firstRules = 1;

/** What this code writes. */
export const presentRules = 1;

export function isKnownRules(rules: number): boolean {
  return Object.hasOwn(strategiesByRules, rules);
}

/** The strategies for items of these rules. Throws on a number without a table: items are checked when they are read. */
export function strategiesFor(
  rules: Iterable<number>,
  tables: StrategiesByRules = strategiesByRules,
): Strategies {
  const present = [...rules];
  const lowest = present.length === 0 ? firstRules : Math.min(...present);
  const table = tables[lowest];
  if (table === undefined) {
    throw new Error(`no strategies for rules ${lowest}`);
  }
  return table;
}
