import { err, type Items, ok, type StoredItem } from "@antipode/core";
import type { Deployment } from "../../platform/deployment.ts";
import type { LookAt } from "../../prober/look-at.ts";

/** A change of the functions that judges must catch: what one of them gets instead of what it was given. */
export interface WrongChange {
  readonly proberItems?: (items: Items, deployment: Deployment) => Items;
  readonly dispatcherItems?: (items: Items) => Items;
  readonly apiItems?: (items: Items, deployment: Deployment) => Items;
  readonly news?: (event: unknown) => unknown;
  readonly lookAt?: (lookAt: LookAt, deployment: Deployment) => LookAt;
  readonly timeLeftMs?: (leftMs: number) => number;
}

export const nothingWrong: WrongChange = {};

/** Writes of one kind of item are lost, and said to be done. */
const losingWritesOf =
  (kind: string) =>
  (items: Items): Items => ({
    ...items,
    put: async (table, item, onlyIf) =>
      item.sk === kind ? ok({ type: "written" }) : items.put(table, item, onlyIf),
    update: async (table, key, update) =>
      key.sk === kind ? ok({ type: "written", item: { ...key } }) : items.update(table, key, update),
  });

const reading =
  (read: (all: readonly StoredItem[], pk: string) => readonly StoredItem[]) =>
  (items: Items): Items => ({
    ...items,
    async queryPartition(table, pk) {
      const found = await items.queryPartition(table, pk);
      return found.ok ? ok(table === "Control" ? read(found.value, pk) : found.value) : err(found.error);
    },
  });

function withoutClosing({ closing: _closing, ...item }: StoredItem): StoredItem {
  return item as StoredItem;
}

/** By what is wrong: which fault judges name, and how it is done. */
export const wrongChanges: Readonly<Record<string, { readonly says: string; readonly wrong: WrongChange }>> =
  {
    "any answer counts as a good one": {
      says: "is not out",
      wrong: { lookAt: () => async () => ({ type: "well", latencyMs: 1 }) },
    },
    "a prober looks at its own region": {
      says: "is not out",
      wrong: {
        lookAt:
          (lookAt, { region }) =>
          () =>
            lookAt(region),
      },
    },
    "a prober makes one round a minute": {
      says: "is not out",
      wrong: { timeLeftMs: () => 9_000 },
    },
    "what was seen is not kept from one round to the next": {
      says: "is not out",
      wrong: { proberItems: losingWritesOf("OBSERVATIONS") },
    },
    "a prober reads its own region's word alone": {
      says: "an operator wants it",
      wrong: {
        proberItems: (items, { origin }) =>
          reading((all, pk) => (pk === `REGION#${origin}` ? all : []))(items),
      },
    },
    "a dispatcher never says how far it has read": {
      says: "nobody wants it",
      wrong: { dispatcherItems: losingWritesOf("SEEN") },
    },
    "drain votes are answered as they were read first": {
      says: "is not out",
      wrong: {
        apiItems(items) {
          let first: StoredItem | undefined;
          return reading((all) =>
            all.map((item) => {
              first ??= item.sk === "VOTES" ? item : undefined;
              return item.sk === "VOTES" && item.pk === first?.pk ? first : item;
            }),
          )(items);
        },
      },
    },
    "/health does not know that an operator closed its region": {
      says: "shoppers are sent there",
      wrong: { apiItems: reading((all) => all.map(withoutClosing)) },
    },
  };
