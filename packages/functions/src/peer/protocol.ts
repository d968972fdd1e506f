import {
  cellsMax,
  deliveryUnitsMax,
  isCellId,
  isOperationId,
  isOrderId,
  isOrigin,
  isSku,
  orderLinesMax,
} from "@antipode/core";
import * as z from "zod";

/*
 * What regions ask of each other. Each request may be repeated: a target is cumulative, a witness is written if absent, a
 * delivery has its id, and bringing an order forward is looking what is left to do.
 */

const sku = z.string().refine(isSku);
const origin = z.string().refine(isOrigin);
const cell = z.string().refine(isCellId);
const orderId = z.string().refine(isOrderId);
const operationId = z.string().refine(isOperationId);

/** An item in DynamoDB's JSON form: sets survive. */
const image = z.record(z.string(), z.unknown());

/** One checkout asks a region for each of its lines, and for each line as many cells as a region uses. */
const asksMax = orderLinesMax * cellsMax;

const grantRequest = z.strictObject({
  type: z.literal("grant"),
  asks: z
    .array(z.strictObject({ sku, from: cell, to: cell, target: z.int().min(1) }))
    .min(1)
    .max(asksMax),
});

const witnessRequest = z.strictObject({ type: z.literal("witness"), placed: image, allocation: image });
const advanceRequest = z.strictObject({ type: z.literal("advance"), orderId });
const deliverRequest = z.strictObject({
  type: z.literal("deliver"),
  operationId,
  sku,
  quantity: z.int().min(1).max(deliveryUnitsMax),
});
const fenceRequest = z.strictObject({ type: z.literal("fence"), lost: origin, reclaimer: origin });

export const peerRequestSchema = z.discriminatedUnion("type", [
  grantRequest,
  witnessRequest,
  advanceRequest,
  deliverRequest,
  fenceRequest,
]);

export type PeerRequest = z.infer<typeof peerRequestSchema>;
export type PeerRequestOf<Type extends PeerRequest["type"]> = Extract<PeerRequest, { type: Type }>;

/**
 * The region heard, and could not or would not do what was asked. Of an order that is brought forward, the steps before the
 * one that failed are made; of everything else nothing is known to have changed.
 */
const refused = z.strictObject({ type: z.literal("refused"), reason: z.string() });

/**
 * The donor's cumulative grants to the cells as they are now, each the target or less. An ask that it refused is not among
 * them; a donor that refused every one says so instead.
 */
const granted = z.strictObject({
  type: z.literal("granted"),
  grants: z.array(z.strictObject({ sku, to: cell, from: cell, granted: z.int().min(0) })),
});

const witnessed = z.strictObject({ type: z.literal("witnessed"), by: origin });
const advanced = z.strictObject({ type: z.literal("advanced") });

/** `operation-id-reused`: the id stands for a delivery of other units. */
const delivered = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("delivered") }),
  z.strictObject({ type: z.literal("operation-id-reused") }),
]);

const fenced = z.strictObject({
  type: z.literal("fenced"),
  /** Who may reclaim, by the first fence: perhaps another than was asked for. */
  reclaimer: origin,
  fencedAtMs: z.int(),
});

/** What each request is answered with. */
export const peerAnswers = {
  grant: z.union([granted, refused]),
  witness: z.union([witnessed, refused]),
  advance: z.union([advanced, refused]),
  deliver: z.union([delivered, refused]),
  fence: z.union([fenced, refused]),
} as const satisfies Readonly<Record<PeerRequest["type"], z.ZodType>>;

export type PeerAnswerOf<Type extends PeerRequest["type"]> = z.infer<(typeof peerAnswers)[Type]>;
