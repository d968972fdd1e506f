import { payments } from "../links/region-lag.ts";
import { describeFaults, type FaultLine } from "./describe.ts";
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
  /** One line for each thing that is wrong. */
  describe(): readonly string[];
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
  const lines = (of: FaultState) => describeFaults(of, [...regions, ...otherPlaces]);

  return {
    state: () => state,
    apply(fault) {
      const error = checkFault(fault, regions, otherPlaces);
      if (error !== undefined) return { ok: false, error };
      const previous = state;
      state = applyFault(previous, fault);
      for (const listener of listeners) listener(state, previous);
      return { ok: true, said: describeChange(fault, lines(previous), state, lines(state)) };
    },
    describe: () => lines(state).map(({ text }) => text),
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
  if (fault.from === undefined || fault.to === undefined)
    return `${fault.type} takes two places, or none at all`;
  const places = [...regions, ...otherPlaces];
  const ends = [fault.from, fault.to];
  const unknown = ends.find((place) => !places.includes(place));
  if (unknown !== undefined) return unknownPlace("place", unknown, places);
  if (fault.from === fault.to) return `${fault.type} takes two different places, not ${fault.from} twice`;
  const apart = ends.filter((place) => !regions.includes(place));
  if (apart.length > 1)
    return `nothing crosses between ${ends.join(" and ")}: one of the two must be a region`;
  if (apart.length > 0 && (fault.type === "pause" || fault.type === "resume"))
    return `only regions replicate, and ${apart[0]} is none: choose from ${regions.join(", ")}`;
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

/** What is still broken in another way is told as it is now, not as what it no longer is. */
function describeChange(
  fault: Fault,
  before: readonly FaultLine[],
  after: FaultState,
  now: readonly FaultLine[],
): readonly string[] {
  const changed = differing(before, now);
  const begun = now.filter(({ subject }) => changed.has(subject));
  const ended = before.filter(
    ({ subject }) => changed.has(subject) && !now.some((line) => line.subject === subject),
  );
  const said = [...ended.map(({ text }) => `no longer: ${text}`), ...begun.map(({ text }) => `now: ${text}`)];
  const stillDown =
    fault.type === "heal" ? after.down.map((region) => `still down: ${region} (up ${region} starts it)`) : [];
  if (said.length === 0) said.push(fault.type === "heal" ? "nothing to heal" : "nothing changed");
  return [...said, ...stillDown];
}

/** Subjects of lines that only one of the two has. */
function differing(before: readonly FaultLine[], now: readonly FaultLine[]): ReadonlySet<string> {
  const texts = (lines: readonly FaultLine[]) => new Set(lines.map(({ text }) => text));
  const [was, is] = [texts(before), texts(now)];
  const lines = [...before.filter(({ text }) => !is.has(text)), ...now.filter(({ text }) => !was.has(text))];
  return new Set(lines.map(({ subject }) => subject));
}
