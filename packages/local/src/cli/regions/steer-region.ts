/** Drains a region or restores it: writes the word down in a region that answers, and looks on until it is obeyed. */

import { exitCodes } from "../exit-codes.ts";
import type { Said } from "../said.ts";
import type { Steering, SteeringWords } from "./region-words.ts";
import {
  askFirst,
  type Fetch,
  type ListedRegion,
  listRegions,
  type ShopRegion,
  type Written,
  writtenSchema,
} from "./shop-regions.ts";

export interface SteeringDeps {
  readonly fetch: Fetch;
  readonly regions: readonly ShopRegion[];
  /** An operator's. */
  readonly token: string;
  readonly nowMs: () => number;
  readonly delay: (ms: number) => Promise<void>;
  /** Told how it goes on; nothing where nobody looks. */
  readonly progress?: ((line: string) => void) | undefined;
}

/** An API answers for up to five seconds with what it has read before: no look is sooner than that after the word. */
const firstLookMs = 6_000;
const lookEveryMs = 2_000;

/** Two rounds of the probers and two replications are half a minute; the rest is a link or a region that is slow. */
const obeyedWithinMs = 180_000;

/** Route 53 sees what the regions say ten to thirty seconds later, and a client keeps a name's answer for ten more. */
const namesFollow: Readonly<Record<Steering, string>> = {
  drain: "Names lead elsewhere within some 35 s",
  restore: "Names lead a share of its shoppers there within some 35 s, and all of them eight minutes later",
};

/** For how long a region that is open again is led a share alone: its own five minutes, and a slow check's. */
const shareMs = 450_000;

/** Others that may still come back by a share: they count as open, and are led all where nobody else is left. */
function onTheirShare(regions: readonly ListedRegion[], target: string, nowMs: number): readonly string[] {
  const isOnShare = ({ name, state, since }: ListedRegion) =>
    name !== target && state === "open" && since !== undefined && nowMs - Date.parse(since) < shareMs;
  return regions.filter(isOnShare).map(({ name }) => name);
}

function shareWarning(names: readonly string[]): string {
  return names.length === 0
    ? ""
    : `. Careful: ${names.join(", ")} may be coming back by a share: drain no more before that is over`;
}

/** The others first: whoever is to be drained is likely to be ill. */
export function orderOf(
  regions: readonly ShopRegion[],
  { region, via }: SteeringWords,
): readonly ShopRegion[] {
  if (via !== undefined) {
    return regions.filter(({ name }) => name === via);
  }
  const isTarget = ({ name }: ShopRegion) => name === region;
  return [...regions.filter((one) => !isTarget(one)), ...regions.filter(isTarget)];
}

function isObeyed({ action }: SteeringWords, { state, voters }: ListedRegion): boolean {
  return action === "drain" ? state === "drained" : state === "open" && voters.length === 0;
}

/** A region's state as a person reads it. */
export function describeState({ state, drainedBy, voters }: ListedRegion): string {
  const by = drainedBy === undefined ? "" : ` by ${drainedBy === "operator" ? "an operator" : "votes"}`;
  return `${state}${by}${voters.length === 0 ? "" : `, voted against by ${voters.join(", ")}`}`;
}

interface Followed {
  readonly obeyed: boolean;
  readonly state?: ListedRegion;
  /** Other regions that come back by a share. */
  readonly onShare: readonly string[];
  /** Of the last look, when nobody answered it. */
  readonly unanswered?: string;
}

async function follow(words: SteeringWords, takenBy: string, deps: SteeringDeps): Promise<Followed> {
  const { regions, nowMs, delay, progress } = deps;
  const first = regions.filter(({ name }) => name === takenBy);
  const inOrder = [...first, ...regions.filter(({ name }) => name !== takenBy)];
  const startedMs = nowMs();
  let said = "";
  let last: Followed = { obeyed: false, onShare: [] };
  await delay(firstLookMs);
  for (;;) {
    const listed = await listRegions(deps.fetch, inOrder);
    const all = listed.ok ? listed.value.value.regions : [];
    const state = all.find(({ name }) => name === words.region);
    const now = state === undefined ? "not known" : describeState(state);
    if (now !== said) progress?.(`${words.region}: ${now}`);
    said = now;
    last = {
      obeyed: state !== undefined && isObeyed(words, state),
      onShare: words.action === "drain" ? onTheirShare(all, words.region, nowMs()) : [],
      ...(state === undefined ? {} : { state }),
      ...(listed.ok ? {} : { unanswered: listed.error.text }),
    };
    if (last.obeyed || nowMs() - startedMs >= obeyedWithinMs) return last;
    await delay(lookEveryMs);
  }
}

const describeWritten = ({ by, reason, at }: Written, takenBy: string) =>
  `written down in ${takenBy} at ${at} by ${by}: ${reason}`;

function tell(words: SteeringWords, written: Written, takenBy: string, followed: Followed): Said {
  const { state, obeyed, onShare, unanswered } = followed;
  const exitCode = obeyed ? 0 : exitCodes.failed;
  const out = words.json
    ? JSON.stringify({ takenBy, written, obeyed, ...(state === undefined ? {} : { state }) }, null, 2)
    : undefined;
  if (obeyed) {
    const is = state === undefined ? "" : describeState(state);
    const told = `${words.region} is ${is}; ${describeWritten(written, takenBy)}`;
    return { exitCode, out: out ?? `${told}. ${namesFollow[words.action]}${shareWarning(onShare)}` };
  }
  const is = state === undefined ? (unanswered ?? "not known") : `it is ${describeState(state)}`;
  const text = `${words.region} does not obey after ${obeyedWithinMs / 1_000} s: ${is}. The word stands, ${describeWritten(written, takenBy)}`;
  return { exitCode, ...(out === undefined ? {} : { out }), error: text };
}

export async function steerRegion(words: SteeringWords, deps: SteeringDeps): Promise<Said> {
  const { action, region, reason, force } = words;
  const taken = await askFirst(
    deps.fetch,
    orderOf(deps.regions, words),
    {
      path: `/v1/regions/${region}/${action}`,
      body: { reason, ...(force ? { force } : {}) },
      token: deps.token,
    },
    writtenSchema,
  );
  if (!taken.ok) {
    return { exitCode: exitCodes.failed, error: taken.error.text };
  }
  const { region: takenBy, value: written } = taken.value;
  deps.progress?.(`${action} of ${region}: ${describeWritten(written, takenBy)}`);
  return tell(words, written, takenBy, await follow(words, takenBy, deps));
}
