import * as z from "zod";
import { paymentFaultsSchema } from "./payment-faults.ts";

/** Above this, use `cut`: a message that takes longer than a minute is one that nobody waits for. */
export const lagMaxMs = 60_000;

/** API Gateway waits for a function for 30 seconds: what takes longer is an answer of its own. */
export const slowMaxMs = 30_000;

/** A day either way is beyond every limit on clocks that the system has. */
export const skewMaxMs = 86_400_000;

const place = z.string().min(1);
const share = z.number().min(0).max(1);
const oneWay = z.boolean().optional();
const pair = { from: place, to: place, oneWay };

/**
 * One command to the world, as plain data: what the command line sends, what a drill scripts and what a log shows.
 * Faults of a link hold both ways unless `oneWay` says that only the direction `from` → `to` is meant.
 */
export const faultSchema = z.discriminatedUnion("type", [
  /** Nothing crosses; what is under way is lost. */
  z.strictObject({ type: z.literal("cut"), ...pair }),
  /** Puts one link right (lag included), or without places everything except regions that are down. */
  z.strictObject({ type: z.literal("heal"), from: place.optional(), to: place.optional(), oneWay }),
  /** Sets the delay of each message, one way. */
  z.strictObject({ type: z.literal("lag"), ...pair, ms: z.number().min(0).max(lagMaxMs) }),
  /** The share of messages, 0 to 1, that never arrive. */
  z.strictObject({ type: z.literal("loss"), ...pair, share }),
  /** The region neither sends nor receives anything. */
  z.strictObject({ type: z.literal("down"), region: place }),
  z.strictObject({ type: z.literal("up"), region: place }),
  /** Stops replication alone; requests still cross. */
  z.strictObject({ type: z.literal("pause"), ...pair }),
  z.strictObject({ type: z.literal("resume"), ...pair }),
  /** The share of calls to a service in a region that fail; 0 ends it. */
  z.strictObject({
    type: z.literal("fail"),
    region: place,
    service: z.string().min(1),
    operation: z.string().min(1).optional(),
    table: z.string().min(1).optional(),
    share,
  }),
  /** How much longer each answer of a region's API takes; 0 ends it. */
  z.strictObject({
    type: z.literal("slow"),
    region: place,
    service: z.literal("api"),
    ms: z.number().min(0).max(slowMaxMs),
  }),
  /** How far a region's clock is ahead (negative: behind); 0 sets it right. */
  z.strictObject({ type: z.literal("skew"), region: place, ms: z.int().min(-skewMaxMs).max(skewMaxMs) }),
  /** Changes what is wrong with the payment provider; without `set` all of it is put right. */
  z.strictObject({ type: z.literal("pay"), set: paymentFaultsSchema.optional() }),
]);

export type Fault = z.infer<typeof faultSchema>;

/** The commands' shapes, as usage lines and messages show them. */
export const faultForms: Readonly<Record<Fault["type"], string>> = {
  cut: "cut A B [--one-way]",
  heal: "heal [A B]",
  lag: "lag A B 800ms|2s|1m [--one-way]",
  loss: "loss A B 10% [--one-way]",
  down: "down A",
  up: "up A",
  pause: "pause A B [--one-way]",
  resume: "resume A B [--one-way]",
  fail: "fail A <service>[:<operation>][/<table>] 50%",
  slow: "slow A api 5s",
  skew: "skew A 2s|-5m|2h",
  pay: "pay slow 3s|1m | decline | fail 20% | lose 10% | webhook late 5s|10m | webhook to A | twice | ok",
};
