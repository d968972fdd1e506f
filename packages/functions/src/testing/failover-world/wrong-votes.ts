import type { Items, StoredItem } from "@antipode/core";
import type { Deployment } from "../../platform/deployment.ts";
import type { WrongChanges } from "./wrong-change.ts";
import { losingWritesOf, reading } from "./wrong-items.ts";

function withoutClosing({ closing: _closing, ...item }: StoredItem): StoredItem {
  return item as StoredItem;
}

/** Every region seems to have heard of the newest round, and to be up to date. */
function asIfCaughtUp(items: Items, { origin }: Deployment): Items {
  let round = 0;
  return {
    ...reading((all, pk) =>
      all.map((item) => {
        if (item.sk !== "VOTES" || pk === `REGION#${origin}`) {
          return item;
        }
        return { ...item, backlog: 0, [`h#${origin}`]: round };
      }),
    )(items),
    put(table, item, onlyIf) {
      round = item.sk === "VOTES" ? Number(item["v"]) : round;
      return items.put(table, item, onlyIf);
    },
  };
}

/** Of probers, dispatchers and APIs. */
export const wrongVotes: WrongChanges = {
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
      proberItems: (items, { origin }) => reading((all, pk) => (pk === `REGION#${origin}` ? all : []))(items),
    },
  },
  "a dispatcher never says how far it has read": {
    says: "is not back",
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
    steps: [
      { type: "wait", seconds: 90 },
      { type: "gray", at: 1, share: 100 },
      { type: "wait", seconds: 300 },
    ],
  },
  "a vote ends though its region is behind": {
    says: "which has been behind",
    wrong: { proberItems: asIfCaughtUp },
    steps: [
      { type: "wait", seconds: 90 },
      { type: "gray", at: 1, share: 100 },
      { type: "backlog", at: 1, backlogMs: 60_000 },
      { type: "wait", seconds: 120 },
      { type: "gray", at: 1, share: 0 },
      { type: "wait", seconds: 300 },
    ],
  },
  "/health does not know that an operator closed its region": {
    says: "shoppers are sent there",
    wrong: { apiItems: reading((all) => all.map(withoutClosing)) },
  },
};
