import type { OrderId } from "@antipode/core";

/** How many keys there are for one thing, each used after one whose stored answer is of no use. All regions go along the same. */
export const keysMax = 60;

/** How many of them one call spends: so an outage of a quarter of an hour, asked about each minute, does not use them up. */
export const keysSpentMax = 3;

/** Idempotency keys, a pure function of the order: whoever asks for the same thing, wherever, uses the same one. */
export const keysOf = {
  create: (order: OrderId, turn: number) => turned(order, turn),
  claim: (order: OrderId, turn: number) => `${order}#claim#${turn}`,
  authorize: (order: OrderId, attempt: number, turn: number) => turned(`${order}#${attempt}`, turn),
  capture: (order: OrderId, turn: number) => turned(`${order}#capture`, turn),
  cancel: (order: OrderId, turn: number) => turned(`${order}#cancel`, turn),
  refund: (order: OrderId, turn: number) => turned(`${order}#refund`, turn),
};

function turned(key: string, turn: number): string {
  return turn === 0 ? key : `${key}~${turn}`;
}
