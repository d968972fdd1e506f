import {
  backlogOf,
  type Clock,
  controlPartition,
  defaultVoteSettings,
  drainedRegions,
  err,
  type FailoverSight,
  type Items,
  itemToSeenRound,
  type Look,
  nextRound,
  type Origin,
  observeRound,
  ok,
  originRegion,
  type PlannedPut,
  planObservations,
  planRound,
  type RegionVotes,
  type Result,
  readFailoverSight,
  type StorageError,
  type StoredItem,
  saidBy,
  seenKey,
  type VoteView,
  withheldVotes,
} from "@antipode/core";
import type { Deployment } from "../platform/deployment.ts";
import type { Log } from "../platform/log.ts";
import type { Measurements } from "../platform/measurements.ts";
import type { LookAt } from "./look-at.ts";
import type { SayWithheld } from "./say-withheld.ts";
import { type TellFunctions, tellFunctions } from "./tell-functions.ts";

export interface ProberDeps {
  readonly items: Items;
  readonly deployment: Deployment;
  readonly lookAt: LookAt;
  readonly tell: TellFunctions;
  readonly sayWithheld: SayWithheld;
  readonly clock: Clock;
  readonly log: Log;
  readonly measurements: Measurements;
}

/** What one round came to. */
export interface ProbedRound {
  readonly votes: RegionVotes;
  /** False where another instance made this round: its word stands. */
  readonly written: boolean;
}

interface Sight extends FailoverSight {
  /** The newest own round that the own dispatcher has met; 0 before the first. */
  readonly seenRound: number;
}

/** Everything that any region says, as this region's replica has it. */
async function readSight({ items, deployment }: ProberDeps): Promise<Result<Sight, StorageError>> {
  const read = await Promise.all(
    deployment.regions.map(({ origin }) => items.queryPartition("Control", controlPartition(origin))),
  );
  const all: StoredItem[] = [];
  for (const partition of read) {
    if (!partition.ok) {
      return partition;
    }
    all.push(...partition.value);
  }
  const { pk, sk } = seenKey(deployment.origin);
  const seen = all.find((item) => item.pk === pk && item.sk === sk);
  const round = seen === undefined ? ok(0) : itemToSeenRound(seen);
  const sight = readFailoverSight(deployment.origin, all);
  return ok(
    round.ok
      ? { ...sight, seenRound: round.value }
      : { ...sight, seenRound: 0, notUnderstood: [...sight.notUnderstood, round.error] },
  );
}

async function lookAtOthers(
  { lookAt, measurements }: ProberDeps,
  others: readonly Origin[],
): Promise<ReadonlyMap<Origin, Look>> {
  const looks = await Promise.all(
    others.map(async (origin) => [origin, await lookAt(originRegion(origin))] as const),
  );
  for (const [origin, look] of looks) {
    const of = { of: originRegion(origin) };
    measurements.record("ProbeFailures", [look.type === "failed" ? 1 : 0], of);
    if (look.type === "well") {
      measurements.record("ProbeLatency", [look.latencyMs], of);
    }
  }
  return new Map(looks);
}

async function put(
  { items }: ProberDeps,
  { item, onlyIf }: PlannedPut,
): Promise<Result<boolean, StorageError>> {
  const outcome = await items.put("Control", item, onlyIf);
  return outcome.ok ? ok(outcome.value.type === "written") : outcome;
}

/** Says once what has changed: who is voted against, or no longer. */
function sayChanges({ log }: ProberDeps, view: VoteView, votes: RegionVotes): void {
  const stood = saidBy(view, view.me)?.standings;
  for (const [of, { voting, why, epoch }] of votes.standings) {
    if ((stood?.get(of)?.voting ?? false) !== voting) {
      const reason = view.observations.get(of)?.reason;
      log.warn(voting ? "votes to drain a region" : "votes no longer to drain a region", {
        of,
        why,
        epoch,
        ...(reason === undefined ? {} : { reason }),
      });
    }
  }
}

function measure({ measurements, deployment }: ProberDeps, view: VoteView, votes: RegionVotes): void {
  const heard = new Map(view.heard).set(view.me, { type: "said", votes });
  const drained = drainedRegions({ heard, configured: view.configured }, defaultVoteSettings);
  for (const { name, origin } of deployment.regions.filter((region) => region.origin !== deployment.origin)) {
    measurements.record("DrainVote", [votes.standings.get(origin)?.voting === true ? 1 : 0], { of: name });
  }
  measurements.record("RegionsDrained", [drained.size]);
}

/**
 * One round: looks at every other region from outside, writes what was seen, and says by the rules of drain votes how this region
 * stands to the others. Read before it is written, so two instances make one round. Then the own functions are told of what there
 * is to do about a drain.
 */
export async function probeRound(deps: ProberDeps): Promise<Result<ProbedRound, StorageError>> {
  const { deployment, clock, log } = deps;
  const me: Origin = deployment.origin;
  const configured: readonly Origin[] = deployment.regions.map(({ origin }) => origin);
  const [looks, sight] = await Promise.all([
    lookAtOthers(
      deps,
      configured.filter((origin) => origin !== me),
    ),
    readSight(deps),
  ]);
  if (!sight.ok) {
    return err(sight.error);
  }
  for (const { key, attribute, reason } of sight.value.notUnderstood) {
    log.info("an item of Control is passed over", { key, attribute, reason });
  }
  const nowMs = clock.nowMs();
  const step = { nowMs, settings: defaultVoteSettings };
  const observations = observeRound(sight.value.observations, looks, step);
  const seen = await put(
    deps,
    planObservations(me, observations, {
      configured,
      counter: sight.value.ownCounters.get("OBSERVATIONS"),
      nowMs,
    }),
  );
  if (!seen.ok) {
    return seen;
  }
  const { seenRound, ...control } = sight.value;
  const backlogMs = backlogOf(saidBy(control, me), seenRound, nowMs);
  const view: VoteView = { ...control, observations, me, configured, backlogMs, ...step };
  const said = await put(deps, planRound(view));
  if (!said.ok) {
    return said;
  }
  const votes = nextRound(view);
  if (said.value) {
    sayChanges(deps, view, votes);
    deps.sayWithheld(withheldVotes(view));
    measure(deps, view, votes);
    await tellFunctions(deps, sight.value, votes);
  }
  return ok({ votes, written: said.value });
}
