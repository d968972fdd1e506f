import * as z from "zod";
import { leavesOpen, problemName, type Reply } from "../request.ts";
import type { LedgerPayment, SeenCell, SeenOrder, Told } from "./history.ts";

/** What the drills read of the shop's answers: a part of its contracts, from the client's side. */
const orderSchema = z.object({
  id: z.string(),
  state: z.string(),
  decided: z.boolean(),
  placedIn: z.string(),
  currency: z.string(),
  lines: z.array(z.object({ sku: z.string(), quantity: z.number(), unitMinor: z.number() })),
  totalMinor: z.number(),
});
const placedSchema = z.object({ order: orderSchema });
const durableSchema = z.object({ order: z.object({ durability: z.object({ reached: z.string() }) }) });
const problemSchema = z.object({
  /** An order, or its id alone. */
  order: z.union([z.string(), orderSchema]).optional(),
});
const units = z.record(z.string(), z.number());
const cellsSchema = z.object({
  cells: z.array(
    z.object({
      cell: z.string(),
      available: z.number(),
      held: z.number(),
      sold: z.number(),
      restocked: z.number(),
      granted: units,
      absorbed: units,
    }),
  ),
});
const ledgerSchema = z.object({
  payments: z.array(
    z.object({
      id: z.string(),
      order: z.string(),
      currency: z.string(),
      status: z.string(),
      charges: z.array(z.object({ captures: z.number(), amountCaptured: z.number() })),
      refunds: z.array(z.object({ amount: z.number() })),
    }),
  ),
});

export const readOrder = (body: unknown): SeenOrder => orderSchema.parse(body);

export const readCells = (body: unknown): readonly SeenCell[] => cellsSchema.parse(body).cells;

/** Throws when it is no ledger: without one nobody can say what was charged. */
export const readLedger = (body: unknown): readonly LedgerPayment[] => ledgerSchema.parse(body).payments;

/** Refusals with a status of 5xx before anything is placed. Any other may come when it was. */
const doesNothing = ["not-selling", "not-covered"];

/** What a checkout's reply says. */
export function toldBy(reply: Reply, at: number): Told {
  if (reply.type !== "answer") return { type: "unknown", at, why: reply.type };
  const { status, body } = reply;
  if (status === 201) return confirmedBy(body, at);
  if (status === 202) return { type: "placed", at, order: placedSchema.parse(body).order };
  const problem = problemName(body);
  if (leavesOpen(reply) && !doesNothing.includes(problem)) return { type: "unknown", at, why: problem };
  const parsed = problemSchema.safeParse(body);
  const order = parsed.success ? parsed.data.order : undefined;
  return {
    type: "refused",
    at,
    problem,
    ...(order !== undefined && { order: typeof order === "string" ? order : order.id }),
  };
}

function confirmedBy(body: unknown, at: number): Told {
  const { order } = placedSchema.parse(body);
  const durability = durableSchema.safeParse(body).data?.order.durability;
  return {
    type: "confirmed",
    at,
    order,
    ...(durability !== undefined && { isDurable: durability.reached === "two-regions" }),
  };
}
