import fc from "fast-check";
import type { CartOperation } from "../cart/cart-item.ts";
import { type CartId, isCartId } from "../ids/cart-id.ts";
import type { Sku } from "../ids/product-ids.ts";
import type { OperationId } from "../ids/ulid.ts";
import { operationId, sku, ulidAt } from "./arbitraries.ts";

export const madeAtMs = 1_760_000_000_000;

/** A shopper's cart, and the guest's cart that is merged into it. */
export type CartName = "main" | "guest";

function cartIdOf(number: number): CartId {
  const text = `crt_${ulidAt(madeAtMs, number)}_${ulidAt(madeAtMs, number + 1)}`;
  if (!isCartId(text)) {
    throw new Error(`the test's own cart id is malformed: ${text}`);
  }
  return text;
}

export const cartIds: Readonly<Record<CartName, CartId>> = { main: cartIdOf(1), guest: cartIdOf(3) };

/** What an instance of the api does for one request. */
export type CartChange =
  | { readonly type: "add" | "set" | "remove"; readonly cart: CartName; readonly id: number }
  | { readonly type: "merge"; readonly cart: "main"; readonly id: number }
  | { readonly type: "begin"; readonly cart: "main" }
  /** Takes notice of how the generation was decided; `ask` reads the winner's item where the winner is. */
  | { readonly type: "end"; readonly cart: "main"; readonly ask: boolean };

export type CartStep =
  | {
      readonly type: "change";
      readonly at: number;
      readonly change: CartChange;
      /** Another instance of the same region makes this change between the first one's reading and its writing. */
      readonly meanwhile: CartChange | undefined;
      readonly skewMs: number;
      /** The answer never reaches the client. */
      readonly lost: boolean;
    }
  /** The payment of the region's open checkout comes to an end; what was decided first stays. */
  | { readonly type: "decide"; readonly at: number; readonly paid: boolean }
  /** A version arrives, the newest or one of those before it; again, or late, or never. */
  | {
      readonly type: "deliver";
      readonly from: number;
      readonly to: number;
      readonly cart: CartName;
      readonly back: number;
    }
  /** The first region's replica is gone and made anew: it has forgotten everything, and writes as a new origin. */
  | { readonly type: "reborn" };

/** Regions at one time; the first one's second life is one more origin. */
export const regionCount = 3;

const anyRegion = fc.nat({ max: regionCount - 1 });
const anyCart = fc.constantFrom<CartName>("main", "main", "main", "guest");

/** Few ids, so that schedules are full of retries in other regions. */
const anyChange: fc.Arbitrary<CartChange> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ type: fc.constant("add" as const), cart: anyCart, id: fc.nat({ max: 5 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant("set" as const), cart: anyCart, id: fc.nat({ max: 3 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant("remove" as const), cart: anyCart, id: fc.nat({ max: 3 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant("merge" as const),
      cart: fc.constant("main" as const),
      id: fc.nat({ max: 2 }),
    }),
  },
  { weight: 3, arbitrary: fc.constant({ type: "begin" as const, cart: "main" as const }) },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant("end" as const),
      cart: fc.constant("main" as const),
      ask: fc.boolean(),
    }),
  },
);

const anyStep: fc.Arbitrary<CartStep> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      type: fc.constant("change" as const),
      at: anyRegion,
      change: anyChange,
      meanwhile: fc.option(anyChange, { nil: undefined, freq: 4 }),
      skewMs: fc.integer({ min: -3_600_000, max: 3_600_000 }),
      lost: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant("decide" as const), at: anyRegion, paid: fc.boolean() }),
  },
  {
    weight: 10,
    arbitrary: fc.record({
      type: fc.constant("deliver" as const),
      from: fc.nat({ max: regionCount }),
      to: anyRegion,
      cart: anyCart,
      back: fc.oneof(fc.constant(0), fc.nat({ max: 3 })),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ type: "reborn" as const }) },
);

export const anyCartSteps: fc.Arbitrary<readonly CartStep[]> = fc.array(anyStep, {
  maxLength: 60,
  size: "max",
});

export const skus = ["LAMP-BLACK", "LAMP-WHITE"].map(sku);

function skuAt(number: number): Sku {
  const found = skus[number % skus.length];
  if (found === undefined) {
    throw new Error(`no SKU ${number}`);
  }
  return found;
}

type Line = "add" | "set" | "remove";
const firstNumber: Readonly<Record<Line | "merge", number>> = { add: 0, set: 100, remove: 200, merge: 300 };

/** The id of a change: the same wherever and however often a client sends it. */
export function idOf(type: Line | "merge", cart: CartName, id: number): OperationId {
  return operationId(ulidAt(madeAtMs + 1_000, firstNumber[type] + (cart === "main" ? 0 : 50) + id));
}

/** The content of a change: a function of its id. */
export function contentOf(type: Line, id: number): CartOperation {
  if (type === "add") {
    return { kind: "+", sku: skuAt(id), quantity: 1 + (id % 3) };
  }
  return type === "set"
    ? { kind: "=", sku: skuAt(id), quantity: id }
    : { kind: "-", sku: skuAt(id), quantity: 0 };
}

/** Every operation that any schedule sends, with its content. */
export const contentById: ReadonlyMap<OperationId, CartOperation> = new Map(
  (["main", "guest"] as const).flatMap((cart) =>
    (["add", "set", "remove"] as const).flatMap((type) =>
      [0, 1, 2, 3, 4, 5].map((id) => [idOf(type, cart, id), contentOf(type, id)] as const),
    ),
  ),
);
