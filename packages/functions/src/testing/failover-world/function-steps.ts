import { anyVoteStep, type VoteRun, type VoteStep } from "@antipode/core/testing";
import fc from "fast-check";
import { type Plane, planes } from "./world-planes.ts";

/** What happens to regions, and to what their functions call. */
export type FunctionStep =
  | VoteStep
  /** A control plane, SNS or the bus does not do what it is asked. */
  | { readonly type: "refuse" | "allow"; readonly plane: Plane }
  /** Failover and Recovery of a region end where they are. */
  | { readonly type: "crash"; readonly at: number };

export interface FunctionRun extends Omit<VoteRun, "steps"> {
  readonly steps: readonly FunctionStep[];
}

export function isVoteStep(step: FunctionStep): step is VoteStep {
  return step.type !== "refuse" && step.type !== "allow" && step.type !== "crash";
}

const anyFunctionStep: fc.Arbitrary<FunctionStep> = fc.oneof(
  { weight: 12, arbitrary: anyVoteStep },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constantFrom("refuse" as const, "refuse" as const, "allow" as const),
      plane: fc.constantFrom(...planes),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("crash" as const), at: fc.nat({ max: 4 }) }) },
);

export const anyFunctionRun: fc.Arbitrary<FunctionRun> = fc.record({
  regions: fc.constantFrom(4, 4, 3, 5),
  seed: fc.nat(),
  offsetsMs: fc.array(fc.integer({ min: -3e5, max: 3e5 }), { minLength: 5, maxLength: 5 }),
  steps: fc.array(anyFunctionStep, { minLength: 5, maxLength: 45, size: "max" }),
});
