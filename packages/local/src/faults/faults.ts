import { payments } from "../links/region-lag.ts";
import { describeFaults } from "./describe.ts";
import type { Fault } from "./fault.ts";
import { applyFault, type FaultState, noFaults } from "./fault-state.ts";

/** What came of a command: what to tell the person, or one line that says why it was refused. */
export type FaultOutcome =
  | { readonly ok: true; readonly said: readonly string[] }
  | { readonly ok: false; readonly error: string };

export type FaultListener = (next: FaultState, previous: FaultState) => void;

/** The one holder of the world's faults: links, clocks and call failures all read it. */
export interface Faults {
  state(): FaultState;
  apply(fault: Fault): FaultOutcome;
  /** Calls `listener` after each change, until the returned function is called. */
  watch(listener: FaultListener): () => void;
}

export interface FaultsOptions {
  readonly regions: readonly string[];
  /** Ends of links that are no regions: a person's machine, and the payment provider if there is one. */
  readonly otherPlaces?: readonly string[];
}

export function createFaults({ regions, otherPlaces = [] }: FaultsOptions): Faults {
  let state = noFaults;
  const listeners = new Set<FaultListener>();

  return {
    state: () => state,
    apply(fault) {
      const error = checkFault(fault, regions, otherPlaces);
      if (error !== undefined) return { ok: false, error };
      const previous = state;
      state = applyFault(previous, fault);
      for (const listener of listeners) listener(state, previous);
      return { ok: true, said: describeChange(fault, previous, state) };
    },
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** One line that says what is wrong with the command's places, or nothing. */
export function checkFault(
  fault: Fault,
  regions: readonly string[],
  otherPlaces: readonly string[] = [],
): string | undefined {
  if (fault.type === "pay") return checkPayment(fault, regions, otherPlaces);
  if ("region" in fault) {
    return regions.includes(fault.region) ? undefined : unknownPlace("region", fault.region, regions);
  }
  if (fault.from === undefined && fault.to === undefined) return undefined;
  const places = [...regions, ...otherPlaces];
  for (const place of [fault.from, fault.to]) {
    if (place === undefined) return `${fault.type} takes two places, or none at all`;
    if (!places.includes(place)) return unknownPlace("place", place, places);
  }
  if (fault.from === fault.to) return `${fault.type} takes two different places, not ${fault.from} twice`;
  return undefined;
}

function checkPayment(
  { set }: Extract<Fault, { type: "pay" }>,
  regions: readonly string[],
  otherPlaces: readonly string[],
): string | undefined {
  if (!otherPlaces.includes(payments)) return "this world has no payments: none of its functions takes any";
  const unknown = (set?.webhookTo ?? []).find((name) => !regions.includes(name));
  return unknown === undefined ? undefined : unknownPlace("region", unknown, regions);
}

export function unknownPlace(kind: "region" | "place", name: string, known: readonly string[]): string {
  return `unknown ${kind} "${name}": choose from ${known.join(", ")}`;
}

function describeChange(fault: Fault, before: FaultState, after: FaultState): readonly string[] {
  const was = describeFaults(before);
  const is = describeFaults(after);
  const ended = was.filter((line) => !is.includes(line));
  const begun = is.filter((line) => !was.includes(line));
  const said = [...ended.map((line) => `no longer: ${line}`), ...begun.map((line) => `now: ${line}`)];
  const stillDown =
    fault.type === "heal" ? after.down.map((region) => `still down: ${region} (up ${region} starts it)`) : [];
  if (said.length === 0) said.push(fault.type === "heal" ? "nothing to heal" : "nothing changed");
  return [...said, ...stillDown];
}
