import type { Items, StoredItem } from "@antipode/core";
import type { Deployment } from "../../platform/deployment.ts";
import type { FunctionStep } from "./function-steps.ts";
import { apiWeights } from "./names.ts";
import type { WrongChanges } from "./wrong-change.ts";
import { reading } from "./wrong-items.ts";

const minuteMs = 60_000;

function withoutRamp({ ramp: _ramp, ...item }: StoredItem): StoredItem {
  return item as StoredItem;
}

/** A prober finds that its region's last round was made at another time. */
const withLastRound =
  (atMs: (nowMs: number, item: StoredItem) => number) =>
  (items: Items, { origin }: Deployment, nowMs: () => number): Items =>
    reading((all, pk) =>
      all.map((item) =>
        item.sk === "VOTES" && pk === `REGION#${origin}` ? { ...item, touchedAt: atMs(nowMs(), item) } : item,
      ),
    )(items);

/** Once a region was out it is for ever. */
function foreverOut(items: Items): Items {
  let wasOut = false;
  return reading((all) =>
    all.map((item) => {
      wasOut ||= item.sk === "VOTES" && item["ramp"] !== undefined;
      return item.sk === "VOTES" && wasOut ? { ...item, ramp: { phase: "out", since: 1 } } : item;
    }),
  )(items);
}

/** Two regions die, so nobody can vote them out, and they wake when their probers' minute has just begun. */
const deathOfTwo = (seconds: number): readonly FunctionStep[] => [
  { type: "wait", seconds: 90 },
  { type: "kill", at: 1 },
  { type: "kill", at: 2 },
  { type: "wait", seconds },
  { type: "mend", at: 1 },
  { type: "mend", at: 2 },
  { type: "wait", seconds: 300 },
];

/** An operator closes a region for so short a time that the slow check does not turn. */
const shortDrain: readonly FunctionStep[] = [
  { type: "wait", seconds: 90 },
  { type: "command", at: 0, target: 1, action: "drain" },
  { type: "wait", seconds: 90 },
  { type: "command", at: 0, target: 1, action: "restore" },
  { type: "wait", seconds: 120 },
];

/** Of how a region comes back, and of the records that lead to one. */
export const wrongReturns: WrongChanges = {
  "/ramped is always good": {
    says: "is led all shoppers too soon",
    wrong: { apiItems: reading((all) => all.map(withoutRamp)) },
  },
  "no region is whole again": {
    says: "is led a share only",
    wrong: { apiItems: foreverOut },
  },
  "a region that wakes does not know that it was silent": {
    says: "is led all shoppers too soon",
    wrong: { proberItems: withLastRound((nowMs) => nowMs) },
    steps: deathOfTwo(325),
  },
  "a minute's silence counts as an outage": {
    says: "is led a share of them though it was not out",
    wrong: { proberItems: withLastRound((_nowMs, item) => Number(item["touchedAt"]) - 3 * minuteMs) },
    steps: deathOfTwo(110),
  },
  "the slow check of /ramped is left out": {
    says: "is led all shoppers too soon",
    wrong: { isWhole: ({ isOpen, ramped }) => isOpen && ramped },
    steps: deathOfTwo(325),
  },
  "the fast check of /ramped is left out": {
    says: "is led all shoppers too soon",
    wrong: { isWhole: ({ isOpen, longRamped }) => isOpen && longRamped },
    steps: shortDrain,
  },
  "Whole does not ask whether its region is open": {
    says: "is closed, and answers near",
    wrong: { isWhole: ({ ramped, longRamped }) => ramped && longRamped },
  },
  "the weights of a share and the rest are swapped": {
    says: "of the answers near it lead there",
    wrong: { weights: { open: apiWeights.whole, whole: apiWeights.open } },
  },
};
