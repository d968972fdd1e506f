/** The words of `npm run region -- …`, and of the world's `drain` and `restore`: read, or refused in one line. */
import { commandReasonCharsMax, err, ok, type Result, reasonFault } from "@antipode/core";
import { unknownPlace } from "../../faults/faults.ts";
import { readOptions } from "../options.ts";

export const steerings = ["drain", "restore"] as const;
export type Steering = (typeof steerings)[number];

export interface SteeringWords {
  readonly action: Steering;
  readonly region: string;
  readonly reason: string;
  /** Drain it though fewer regions than the least stay open. */
  readonly force: boolean;
  /** The region that is to take the word, and no other. */
  readonly via?: string;
  readonly json: boolean;
}

export const steeringForms: Readonly<Record<Steering, string>> = {
  drain: 'drain A --reason "…" [--force] [--via B] [--json]',
  restore: 'restore A --reason "…" [--via B] [--json]',
};

const reasonForm = `one line of at most ${commandReasonCharsMax} characters`;
const restoreOptions = { reason: reasonForm, via: "a region", json: undefined };
const optionsOf = { drain: { ...restoreOptions, force: undefined }, restore: restoreOptions };

export function isSteering(word: string): word is Steering {
  return steerings.some((one) => one === word);
}

/** A region's name among those that there are. */
export function checkRegionName(name: string, regions: readonly string[]): Result<string, string> {
  return regions.includes(name) ? ok(name) : err(unknownPlace("region", name, regions));
}

function faultOf(reason: string): string | undefined {
  return reason.length > commandReasonCharsMax ? "it is longer" : reasonFault(reason);
}

/** An empty reason is one that says nothing, and not a missing one, which is what other options take it for. */
function withoutEmptyReason(options: readonly string[]): readonly string[] {
  return options.map((word, at) => {
    if (word === "--reason=") return "--reason= ";
    return word === "" && options[at - 1] === "--reason" ? " " : word;
  });
}

/** Reads what follows `drain` or `restore`: the region first, then the options. */
export function readSteering(
  action: Steering,
  [region, ...options]: readonly string[],
  regions: readonly string[],
): Result<SteeringWords, string> {
  if (region === undefined || region.startsWith("-")) {
    return err(`which region? usage: ${steeringForms[action]}`);
  }
  const known = checkRegionName(region, regions);
  if (!known.ok) {
    return known;
  }
  const values = readOptions(withoutEmptyReason(options), optionsOf[action]);
  if (!values.ok) {
    return values;
  }
  const reason = values.value.get("reason")?.trim();
  const fault = reason === undefined ? "none is given" : faultOf(reason);
  if (reason === undefined || fault !== undefined) {
    return err(`--reason takes ${reasonForm}, for whoever looks at it later: ${fault}`);
  }
  const via = values.value.get("via");
  const knownVia = via === undefined ? ok(undefined) : checkRegionName(via, regions);
  if (!knownVia.ok) {
    return knownVia;
  }
  const [force, json] = [values.value.has("force"), values.value.has("json")];
  return ok({ action, region, reason, force, json, ...(via === undefined ? {} : { via }) });
}
