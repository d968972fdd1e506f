import {
  type ActionStep,
  err,
  type FailoverRecord,
  type FailoverView,
  failoverPair,
  originRegion,
  type Result,
  regions,
  type StepOutcome,
} from "@antipode/core";
import { announcementOf, eventOf } from "./announcement.ts";
import { lookAtDataPlane, verifyOutside } from "./look-outside.ts";
import type { Announce, Changed, ControlPlanes, OutsideLook } from "./ports.ts";

export interface StepDeps {
  readonly environment: string;
  readonly announce: Announce;
  readonly look: OutsideLook;
  readonly planes: ControlPlanes;
}

const outcomeOf = (result: Result<Changed, string>): StepOutcome =>
  result.ok ? { state: "done", ...result.value } : { state: "failed", note: result.error };

const told = (result: Result<undefined, string>, whom: string): StepOutcome =>
  result.ok ? { state: "done", note: `told ${whom}` } : { state: "failed", note: result.error };

const skipped = (note: string): StepOutcome => ({ state: "skipped", note });

/** Configured regions with their partners; one that has left the list has none. */
function pairRegions(view: FailoverView) {
  return view.configured.map(originRegion).map((name) => ({
    name,
    partner: regions.find((region) => region.name === name)?.partner ?? name,
  }));
}

async function lead(
  { planes }: StepDeps,
  view: FailoverView,
  { drained }: FailoverRecord,
): Promise<StepOutcome> {
  const pair = failoverPair(pairRegions(view), drained);
  return pair === undefined || planes.names === undefined
    ? skipped("there is no failover pair")
    : outcomeOf(await planes.names.lead(pair));
}

async function whenKnown({ planes }: StepDeps, { steps }: FailoverRecord): Promise<StepOutcome> {
  const ref = steps.get("names")?.ref;
  return ref === undefined || planes.names === undefined
    ? skipped("nothing was changed")
    : outcomeOf(await planes.names.whenKnown(ref));
}

function doIt(
  deps: StepDeps,
  view: FailoverView,
  record: FailoverRecord,
  step: ActionStep,
): Promise<StepOutcome> {
  const { environment, announce, look, planes } = deps;
  switch (step) {
    case "data-plane":
      return lookAtDataPlane(look, view, record);
    case "people":
      return announce
        .tellPeople(announcementOf(environment, view, record))
        .then((result) => told(result, "people"));
    case "systems":
      return announce
        .tellSystems(eventOf(environment, view, record))
        .then((result) => told(result, "systems"));
    case "names":
      return lead(deps, view, record);
    case "names-sync":
      return whenKnown(deps, record);
    case "edge":
      return planes.edge === undefined
        ? Promise.resolve(skipped("there is no CDN"))
        : planes.edge.order(record.order).then(outcomeOf);
    case "verify":
      return verifyOutside(look, record);
  }
}

/** Does one step, and says what it came to, whatever that is: a step that throws has failed, and the others go on. */
export async function doStep(
  deps: StepDeps,
  view: FailoverView,
  record: FailoverRecord,
  step: ActionStep,
): Promise<StepOutcome> {
  try {
    return await doIt(deps, view, record, step);
  } catch (error) {
    return outcomeOf(err(String(error)));
  }
}
