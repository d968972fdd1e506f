import fc from "fast-check";

/** One thing that happens to the regions. `at` and others are places in the list, taken modulo its length. */
export type VoteStep =
  | { readonly type: "wait"; readonly seconds: number }
  | { readonly type: "kill" | "stop-prober" | "mend" | "deafen"; readonly at: number }
  | { readonly type: "cut" | "cut-one-way" | "heal"; readonly at: number; readonly to: number }
  /** Cuts every link between the regions whose bit is set and the others. */
  | { readonly type: "split"; readonly mask: number }
  /** `/ready` fails in so many hundredths of the looks, while `/health` answers. */
  | { readonly type: "gray"; readonly at: number; readonly share: number }
  | { readonly type: "alarm"; readonly at: number; readonly state: "alarm" | "missing" | "ok" }
  | {
      readonly type: "command";
      readonly at: number;
      readonly target: number;
      readonly action: "drain" | "restore";
      /** Whether enough regions stay open or not. */
      readonly force?: boolean;
    }
  | { readonly type: "set-clock"; readonly at: number; readonly offsetMs: number }
  | { readonly type: "slow-replication"; readonly at: number; readonly delayMs: number }
  | { readonly type: "backlog"; readonly at: number; readonly backlogMs: number }
  /** From now on the region runs code whose items are for later rules, or carry remarks of a later version. */
  | { readonly type: "version"; readonly at: number; readonly version: "same" | "remarks" | "later-rules" };

export interface VoteRun {
  readonly regions: number;
  readonly seed: number;
  readonly offsetsMs: readonly number[];
  readonly steps: readonly VoteStep[];
}

const place = fc.nat({ max: 4 });
const anyOffsetMs = fc.oneof(fc.integer({ min: -2_000, max: 2_000 }), fc.integer({ min: -3e5, max: 3e5 }));

export const anyVoteStep: fc.Arbitrary<VoteStep> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      type: fc.constant("wait" as const),
      seconds: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 30, max: 240 })),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constantFrom("kill" as const, "stop-prober" as const, "deafen" as const),
      at: place,
    }),
  },
  { weight: 5, arbitrary: fc.record({ type: fc.constant("mend" as const), at: place }) },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constantFrom("cut" as const, "cut-one-way" as const, "heal" as const),
      at: place,
      to: place,
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("split" as const), mask: fc.nat({ max: 31 }) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant("gray" as const),
      at: place,
      share: fc.constantFrom(20, 50, 80, 100, 100, 100),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant("alarm" as const),
      at: place,
      state: fc.constantFrom("alarm" as const, "missing" as const, "ok" as const),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant("command" as const),
      at: place,
      target: place,
      action: fc.constantFrom("drain" as const, "drain" as const, "restore" as const),
      force: fc.constantFrom(false, false, false, false, false, true),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant("set-clock" as const), at: place, offsetMs: anyOffsetMs }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant("slow-replication" as const),
      at: place,
      delayMs: fc.integer({ min: 0, max: 90_000 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant("backlog" as const),
      at: place,
      backlogMs: fc.integer({ min: 0, max: 60_000 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant("version" as const),
      at: place,
      version: fc.constantFrom("same" as const, "remarks" as const, "later-rules" as const),
    }),
  },
);

export const anyVoteRun: fc.Arbitrary<VoteRun> = fc.record({
  regions: fc.constantFrom(4, 4, 3, 5),
  seed: fc.nat(),
  offsetsMs: fc.array(anyOffsetMs, { minLength: 5, maxLength: 5 }),
  steps: fc.array(anyVoteStep, { minLength: 5, maxLength: 40, size: "max" }),
});
