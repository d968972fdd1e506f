import fc from "fast-check";

export type LeaseStep =
  | { readonly type: "beat" | "echo" | "fence"; readonly at: number }
  | {
      readonly type: "deliver";
      readonly from: number;
      readonly to: number;
      readonly kind: "HEARTBEAT" | "ECHOES" | "FENCES";
      readonly back: number;
    }
  | { readonly type: "advance"; readonly ms: number }
  /** In thousandths of what a clock may be off. */
  | { readonly type: "set-clock"; readonly at: number; readonly offset: number }
  | { readonly type: "everybody-hears" | "all-fence" }
  /** All others hear a beat and say so, which the lost region learns so many beats later. */
  | { readonly type: "late-echoes"; readonly beats: number };

export interface LeaseRun {
  readonly regions: number;
  /** Whether clocks stay as they are set. A jump counts with its whole length, so others may be less far apart. */
  readonly steady: boolean;
  /** In thousandths of what a clock may be off. */
  readonly offsets: readonly number[];
  readonly steps: readonly LeaseStep[];
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

const anyRegion = fc.nat({ max: 4 });

const anyStep: fc.Arbitrary<LeaseStep> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant("beat" as const),
      at: anyRegion,
    }),
  },
  { weight: 6, arbitrary: fc.record({ type: fc.constant("echo" as const), at: anyRegion }) },
  {
    weight: 10,
    arbitrary: fc.record({
      type: fc.constant("deliver" as const),
      from: anyRegion,
      to: anyRegion,
      kind: fc.constantFrom("HEARTBEAT" as const, "ECHOES" as const, "FENCES" as const),
      back: fc.oneof(fc.constant(0), fc.nat({ max: 4 })),
    }),
  },
  { weight: 3, arbitrary: fc.record({ type: fc.constant("fence" as const), at: anyRegion }) },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant("advance" as const),
      ms: fc.oneof(
        fc.integer({ min: 0, max: minuteMs }),
        fc.constantFrom(hourMs, 6 * hourMs, 12 * hourMs - minuteMs, 12 * hourMs + 9 * minuteMs),
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant("set-clock" as const),
      at: anyRegion,
      offset: fc.integer({ min: -1_000, max: 1_000 }),
    }),
  },
  // the shortest way to a lease, which chance alone seldom takes
  { weight: 4, arbitrary: fc.constant({ type: "everybody-hears" as const }) },
  { weight: 1, arbitrary: fc.constant({ type: "all-fence" as const }) },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant("late-echoes" as const), beats: fc.nat({ max: 4 }) }),
  },
);

export const anyLeaseRun: fc.Arbitrary<LeaseRun> = fc.record({
  regions: fc.integer({ min: 2, max: 5 }),
  steady: fc.boolean(),
  offsets: fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 5, maxLength: 5 }),
  steps: fc.array(anyStep, { minLength: 10, maxLength: 60, size: "max" }),
});
