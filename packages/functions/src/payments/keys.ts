import type { OrderId } from "@antipode/core";

/** How many keys are tried for one thing, each after one whose stored answer is a failure. */
export const triesMax = 5;

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
