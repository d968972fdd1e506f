import fc from "fast-check";

/** What happens in a schedule. Regions are named by number; a number beyond counts round. */
export type StockStep =
  /** A delivery reaches a region, which forwards it when it names another. */
  | { readonly type: "restock"; readonly at: number; readonly id: number; readonly again: boolean }
  | {
      readonly type: "hold";
      readonly at: number;
      readonly quantity: number;
      /** How many states ago the region's cells were read. */
      readonly back: number;
      /** Which other region is asked to witness it, if any. */
      readonly witness: number | undefined;
    }
  /** A try that met another's write, beside those that schedules make. */
  | { readonly type: "contend"; readonly at: number }
  /** A checkout ends: paid, or given up. */
  | { readonly type: "end"; readonly pick: number; readonly paid: boolean }
  | { readonly type: "rebalance"; readonly at: number; readonly back: number; readonly again: boolean }
  | {
      readonly type: "ask";
      readonly at: number;
      readonly units: number;
      /** The answer is lost and the ask is sent again. */
      readonly again: boolean;
      /** The answer is taken over at once, or comes late, or never. */
      readonly answer: "at-once" | "late";
      /** The donor is lost right after it granted. */
      readonly donorDies: boolean;
    }
  /** An answer that was late comes. */
  | { readonly type: "mail"; readonly pick: number }
  /** One item's state arrives, the newest or one before it; again, or late, or never. */
  | {
      readonly type: "deliver";
      readonly from: number;
      readonly to: number;
      readonly item: number;
      readonly back: number;
    }
  | { readonly type: "exchange" }
  | { readonly type: "advance"; readonly ms: number }
  | { readonly type: "die"; readonly at: number }
  /** From here on nothing passes between the region and the others. */
  | { readonly type: "cut"; readonly at: number }
  | { readonly type: "heal"; readonly at: number }
  /** A region that was lost, or cut off, starts again as its next incarnation. */
  | { readonly type: "reborn"; readonly at: number }
  | { readonly type: "fence"; readonly at: number; readonly lost: number; readonly reclaimer: number }
  | { readonly type: "reclaim"; readonly at: number; readonly lost: number; readonly again: boolean }
  /** Every region that can be reached gives the lost one up, and its units are taken over once that is allowed. */
  | { readonly type: "give-up"; readonly lost: number; readonly reclaimer: number };

export interface StockSchedule {
  readonly regions: number;
  /** ms by which each region's clock is off. */
  readonly clockOffsetsMs: readonly number[];
  readonly steps: readonly StockStep[];
}

const anyRegion = fc.nat({ max: 4 });
const few = fc.oneof(fc.constant(0), fc.nat({ max: 3 }));
const of = <T extends string>(type: T) => fc.constant(type);

const anyShopping: fc.Arbitrary<StockStep> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      type: of("restock"),
      at: anyRegion,
      id: fc.nat({ max: 7 }),
      again: fc.boolean(),
    }),
  },
  {
    weight: 12,
    arbitrary: fc.record({
      type: of("hold"),
      at: anyRegion,
      quantity: fc.integer({ min: 1, max: 4 }),
      back: few,
      witness: fc.option(anyRegion, { nil: undefined }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ type: of("contend"), at: anyRegion }) },
  { weight: 6, arbitrary: fc.record({ type: of("end"), pick: fc.nat(), paid: fc.boolean() }) },
);

const anyMove: fc.Arbitrary<StockStep> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({ type: of("rebalance"), at: anyRegion, back: few, again: fc.boolean() }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      type: of("ask"),
      at: anyRegion,
      units: fc.integer({ min: 1, max: 4 }),
      again: fc.boolean(),
      answer: fc.constantFrom("at-once" as const, "at-once" as const, "late" as const),
      donorDies: fc.nat({ max: 7 }).map((chance) => chance === 0),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: of("mail"), pick: fc.nat() }) },
  {
    weight: 14,
    arbitrary: fc.record({
      type: of("deliver"),
      from: fc.nat({ max: 6 }),
      to: anyRegion,
      item: fc.nat(),
      back: few,
    }),
  },
  { weight: 3, arbitrary: fc.record({ type: of("exchange") }) },
);

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;

const anyTrouble: fc.Arbitrary<StockStep> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      type: of("advance"),
      ms: fc.constantFrom(secondMs, 6 * secondMs, 50 * secondMs, 11 * minuteMs, 6 * hourMs),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: of("die"), at: anyRegion }) },
  { weight: 1, arbitrary: fc.record({ type: of("cut"), at: anyRegion }) },
  { weight: 1, arbitrary: fc.record({ type: of("heal"), at: anyRegion }) },
  { weight: 2, arbitrary: fc.record({ type: of("reborn"), at: anyRegion }) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: of("fence"),
      at: anyRegion,
      lost: fc.nat({ max: 6 }),
      reclaimer: anyRegion,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: of("reclaim"),
      at: anyRegion,
      lost: fc.nat({ max: 6 }),
      again: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ type: of("give-up"), lost: fc.nat({ max: 6 }), reclaimer: anyRegion }),
  },
);

const anyStep: fc.Arbitrary<StockStep> = fc.oneof(
  { weight: 5, arbitrary: anyShopping },
  { weight: 5, arbitrary: anyMove },
  { weight: 2, arbitrary: anyTrouble },
);

/** A region is lost while it sells and gives, and is given up soon: chance alone seldom takes that way. */
const anyCrisis: fc.Arbitrary<readonly StockStep[]> = fc
  .record({
    at: anyRegion,
    how: fc.constantFrom("die" as const, "cut" as const),
    before: fc.array(fc.oneof(anyShopping, anyMove), { maxLength: 3 }),
    after: fc.array(fc.oneof(anyShopping, anyMove), { maxLength: 3 }),
    lost: fc.nat({ max: 6 }),
    reclaimer: anyRegion,
  })
  .map(({ at, how, before, after, lost, reclaimer }) => [
    ...before,
    { type: how, at },
    ...after,
    { type: "give-up", lost, reclaimer },
  ]);

const someSteps: fc.Arbitrary<readonly StockStep[]> = fc.oneof(
  { weight: 30, arbitrary: anyStep.map((step) => [step]) },
  { weight: 1, arbitrary: anyCrisis },
);

/** Something to sell comes first. */
const opening: readonly StockStep[] = [0, 1, 2].map((region) => ({
  type: "restock",
  at: region,
  id: region,
  again: false,
}));

/** Clocks are at most five minutes apart: half of what the lease allows for. */
export const anySchedule: fc.Arbitrary<StockSchedule> = fc.record({
  regions: fc.integer({ min: 3, max: 5 }),
  clockOffsetsMs: fc.array(fc.integer({ min: -150_000, max: 150_000 }), { minLength: 5, maxLength: 5 }),
  steps: fc
    .array(someSteps, { minLength: 20, maxLength: 70, size: "max" })
    .map((steps) => [...opening, ...steps.flat()]),
});

/** Which region a delivery names: a function of its id. */
export function namedBy(id: number): number {
  return id % 3;
}

/** The units of a delivery: a function of its id. */
export function quantityOf(id: number): number {
  return 2 + ((id * 5) % 9);
}
