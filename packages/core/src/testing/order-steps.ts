import fc from "fast-check";
import { type RequestType, requestTypes } from "../order/events.ts";
import type { ProviderMood } from "./order-payments.ts";

/** What happens in a schedule. Regions, generations and requests are named by small numbers, so that they meet. */
export type OrderScheduleStep =
  /**
   * A checkout of whichever generation the region's cart is at. Some cost nothing: what a region has not seen of the cart, or
   * of its prices, may be all that there is to pay.
   */
  | { readonly type: "place"; readonly at: number; readonly lost: boolean; readonly free: boolean }
  /** An instance carries out some steps and crashes; the first provider's answer, or transaction's, may get lost. */
  | {
      readonly type: "run";
      readonly at: number;
      readonly generation: number;
      readonly steps: number;
      readonly lost: "nothing" | "payment" | "write";
      /** Another instance works on the order at the same moment, perhaps because a cancellation arrived. */
      readonly meanwhile:
        | {
            readonly atStep: number;
            readonly steps: number;
            readonly cancel: boolean;
            readonly passMs: number;
          }
        | undefined;
    }
  /** Another instance makes up its mind here, and does it when `perform` comes. */
  | { readonly type: "intend"; readonly at: number; readonly generation: number; readonly seenFirst: boolean }
  | { readonly type: "perform" }
  | {
      readonly type: "request";
      readonly at: number;
      readonly generation: number;
      readonly request: RequestType;
      readonly id: number;
    }
  /** A region keeps its own copy of another one's placement, which learns of it, or crashes before it does. */
  | {
      readonly type: "witness";
      readonly of: number;
      readonly by: number;
      readonly generation: number;
      readonly recorded: boolean;
    }
  /** Items of one region's own arrive at another: those whose bit is set. */
  | { readonly type: "deliver"; readonly from: number; readonly to: number; readonly mask: number }
  | { readonly type: "tick"; readonly ms: number }
  /** A region reaches the provider no more, or again. */
  | { readonly type: "reach"; readonly at: number; readonly away: boolean }
  | { readonly type: "settle" }
  /** The bank lets go of what was authorised. */
  | { readonly type: "lapse" };

export interface OrderSchedule {
  readonly mood: ProviderMood;
  /** Of each region's clock: three or four of them. */
  readonly skewsMs: readonly number[];
  readonly steps: readonly OrderScheduleStep[];
}

const anyRegion = fc.nat({ max: 3 });
/** Mostly one of two regions: instances, placements and repairs should meet. */
const anyBusyRegion = fc.constantFrom(0, 0, 0, 1, 1, 2, 3);
const anyGeneration = fc.oneof(
  { weight: 5, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.constant(1) },
);

const anyMeanwhile = fc.record({
  atStep: fc.nat({ max: 9 }),
  steps: fc.constantFrom(1, 2, 3, 20),
  cancel: fc.boolean(),
  passMs: fc.constantFrom(0, 0, 16 * 60_000),
});

const anyRun: fc.Arbitrary<OrderScheduleStep> = fc.record({
  type: fc.constant("run" as const),
  at: anyBusyRegion,
  generation: anyGeneration,
  steps: fc.oneof(fc.integer({ min: 1, max: 6 }), fc.constant(20)),
  lost: fc.constantFrom(
    "nothing" as const,
    "nothing" as const,
    "nothing" as const,
    "payment" as const,
    "write" as const,
  ),
  meanwhile: fc.option(anyMeanwhile, { nil: undefined, freq: 1 }),
});

const anyPlace: fc.Arbitrary<OrderScheduleStep> = fc.record({
  type: fc.constant("place" as const),
  at: anyBusyRegion,
  lost: fc.boolean(),
  free: fc.constantFrom(false, false, true),
});

const anyRequest: fc.Arbitrary<OrderScheduleStep> = fc.record({
  type: fc.constant("request" as const),
  at: anyRegion,
  generation: anyGeneration,
  request: fc.constantFrom<RequestType>("ship-requested", "ship-requested", ...requestTypes),
  id: fc.nat({ max: 1 }),
});

const anyWitness: fc.Arbitrary<OrderScheduleStep> = fc.record({
  type: fc.constant("witness" as const),
  of: anyRegion,
  by: anyRegion,
  generation: anyGeneration,
  recorded: fc.boolean(),
});

const anyDeliver: fc.Arbitrary<OrderScheduleStep> = fc.record({
  type: fc.constant("deliver" as const),
  from: anyRegion,
  to: anyRegion,
  mask: fc.oneof(fc.constant(0xffff), fc.nat({ max: 0xffff })),
});

const anyIntend: fc.Arbitrary<OrderScheduleStep> = fc.record({
  type: fc.constant("intend" as const),
  at: anyBusyRegion,
  generation: anyGeneration,
  seenFirst: fc.boolean(),
});

const anyTick: fc.Arbitrary<OrderScheduleStep> = fc.record({
  type: fc.constant("tick" as const),
  ms: fc.constantFrom(1_000, 30_000, 5 * 60_000, 14 * 60_000 + 30_000, 16 * 60_000),
});

const anyReach: fc.Arbitrary<OrderScheduleStep> = fc.record({
  type: fc.constant("reach" as const),
  at: anyRegion,
  away: fc.boolean(),
});

const anyStep: fc.Arbitrary<OrderScheduleStep> = fc.oneof(
  { weight: 3, arbitrary: anyPlace },
  { weight: 10, arbitrary: anyRun },
  { weight: 5, arbitrary: anyRequest },
  { weight: 2, arbitrary: anyWitness },
  { weight: 6, arbitrary: anyDeliver },
  { weight: 3, arbitrary: anyIntend },
  { weight: 4, arbitrary: fc.constant({ type: "perform" as const }) },
  { weight: 2, arbitrary: anyTick },
  { weight: 1, arbitrary: anyReach },
  { weight: 2, arbitrary: fc.constant({ type: "settle" as const }) },
  { weight: 1, arbitrary: fc.constant({ type: "lapse" as const }) },
);

/** Region clocks agree within ms; a minute is a broken one. */
const anySkews = fc.array(fc.integer({ min: -60_000, max: 60_000 }), { minLength: 3, maxLength: 4 });

export const anyOrderSchedule: fc.Arbitrary<OrderSchedule> = fc.record({
  mood: fc.constantFrom<ProviderMood>(
    "authorize",
    "authorize",
    "authorize",
    "decline",
    "processing-authorize",
    "processing-decline",
    "action-authorize",
  ),
  skewsMs: anySkews,
  steps: fc
    .tuple(anyPlace, anyPlace, fc.array(anyStep, { minLength: 6, maxLength: 45, size: "max" }))
    .map(([first, second, others]) => [first, second, ...others]),
});
