import type { OrderId } from "@antipode/core";

/** How many keys there are for one thing, each used after one whose stored answer is of no use. All regions go along the same. */
export const keysMax = 60;

/** How many of them one call spends: so an outage of a quarter of an hour, asked about each minute, does not use them up. */
export const keysSpentMax = 3;

/**
 * Idempotency keys: whoever asks for the same thing, wherever, uses the same one. Making, claiming and
 * authorising are the order's, of which there is one; the rest is of one payment, so that a second one, should there ever be one, is
 * settled beside the first.
 */
export const keysOf = {
  create: (order: OrderId, turn: number) => turned(order, turn),
  claim: (order: OrderId, turn: number) => `${order}#claim#${turn}`,
  authorize: (order: OrderId, attempt: number, turn: number) => turned(`${order}#${attempt}`, turn),
  capture: (payment: string, turn: number) => turned(`${payment}#capture`, turn),
  cancel: (payment: string, turn: number) => turned(`${payment}#cancel`, turn),
  refund: (payment: string, turn: number) => turned(`${payment}#refund`, turn),
};

function turned(key: string, turn: number): string {
  return turn === 0 ? key : `${key}~${turn}`;
}
