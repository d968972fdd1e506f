import type { Origin } from "../ids/origin.ts";
import { onOneLine } from "../votes/reason-text.ts";
import type { OriginOrder } from "./desired.ts";

/** What a run does: it follows a drain, or its end. */
export const failoverKinds = ["failover", "recovery"] as const;
export type FailoverKind = (typeof failoverKinds)[number];

export function oppositeOf(kind: FailoverKind): FailoverKind {
  return kind === "failover" ? "recovery" : "failover";
}

/**
 * Steps in their order. `people` and `systems` are announcements, `names` and `edge` changes of a control plane, and
 * `names-sync` waits until Route 53's servers all know.
 */
export const failoverSteps = [
  "evidence",
  "vote",
  "gates",
  "data-plane",
  "people",
  "systems",
  "names",
  "names-sync",
  "edge",
  "verify",
] as const;
export type FailoverStep = (typeof failoverSteps)[number];

/** Steps that state what is in sight, and do nothing. */
export const factSteps = ["evidence", "vote", "gates"] as const satisfies readonly FailoverStep[];
export type FactStep = (typeof factSteps)[number];
export type ActionStep = Exclude<FailoverStep, FactStep>;

const factsByKind: Readonly<Record<FailoverKind, readonly FactStep[]>> = {
  failover: ["evidence", "vote"],
  recovery: ["gates"],
};

export function isFactStep(step: FailoverStep): step is FactStep {
  return factSteps.some((fact) => fact === step);
}

export function factStepsOf(kind: FailoverKind): readonly FactStep[] {
  return factsByKind[kind];
}

export const actionSteps: readonly ActionStep[] = failoverSteps.filter((step) => !isFactStep(step));

export function isAnnouncement(step: FailoverStep): boolean {
  return step === "people" || step === "systems";
}

/** Steps that go by the whole set of drained regions: another set, and they are to be done again. */
export const controlPlaneSteps: readonly ActionStep[] = ["names", "names-sync", "edge", "verify"];

const stepStates = ["begun", "done", "failed", "skipped"] as const;
export type StepState = (typeof stepStates)[number];

export function isStepState(text: unknown): text is StepState {
  return stepStates.some((state) => state === text);
}

export interface StepRecord {
  readonly state: StepState;
  /** The attempt that has met it last. */
  readonly attempt: number;
  /** By the runner's clock. */
  readonly atMs: number;
  /** What was seen, for people. */
  readonly note: string;
  /** What a later step needs of it: Route 53's id of the change. */
  readonly ref?: string;
}

/**
 * `waiting`: another region is to run first. `running`: an instance is at it, or died of it. `pending`: something is left
 * to do, which is tried again. `left`: what it was for has ended meanwhile.
 */
export const failoverOutcomes = ["waiting", "running", "pending", "completed", "left"] as const;
export type FailoverOutcome = (typeof failoverOutcomes)[number];

/** What one region has done, and has to do, about one drain or its end. All times are by its own clock. */
export interface FailoverRecord {
  /** Who runs it, and alone writes it. */
  readonly origin: Origin;
  readonly kind: FailoverKind;
  readonly target: Origin;
  /** Grows with every write. */
  readonly counter: number;
  readonly touchedAtMs: number;
  readonly drainId: string;
  /** The regions that were drained when it last looked, in the order of the list. */
  readonly drained: readonly Origin[];
  /** How the CDN was to ask its origins then. */
  readonly order: OriginOrder;
  /** When it first saw this drain with these regions drained. */
  readonly seenAtMs: number;
  readonly outcome: FailoverOutcome;
  /** From 1; 0 before the first. */
  readonly attempt: number;
  /** The instance that runs it, or did last; empty before the first. */
  readonly holder: string;
  /** Until when the holder has it for itself. */
  readonly leaseUntilMs: number;
  /** When the next attempt may begin. */
  readonly retryAtMs: number;
  readonly steps: ReadonlyMap<FailoverStep, StepRecord>;
  /** Of a recovery: the failover records that it, or one before it, has ended, by region and counter. */
  readonly covered: ReadonlyMap<Origin, number>;
  /** The rounds that it went by when it last saw what it is about, by region: of a failover those that the drain rests on. */
  readonly rounds: ReadonlyMap<Origin, number>;
}

/** Characters of a note: some sentences. */
export const noteCharsMax = 400;

/** A note is one line of a page to people, whoever wrote its words, and is cut between two characters. */
export function noteOf(text: string): string {
  const line = onOneLine(text);
  const cutAt = noteCharsMax - 1;
  const cutsPair = (line.codePointAt(cutAt - 1) ?? 0) > 0xffff;
  const bounded = line.length > noteCharsMax ? `${line.slice(0, cutsPair ? cutAt - 1 : cutAt)}…` : line;
  return bounded.trim() === "" ? "nothing to say" : bounded;
}

export function isSettled(state: StepState): boolean {
  return state === "done" || state === "skipped";
}
