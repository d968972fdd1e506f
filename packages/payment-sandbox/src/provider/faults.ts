import * as z from "zod";
import type { Chance } from "./random.ts";

export const operationNames = [
  "create",
  "update",
  "confirm",
  "capture",
  "cancel",
  "refund",
  "read",
  "list",
  "search",
] as const;

export type OperationName = (typeof operationNames)[number];

const common = {
  /** Of the requests that it could befall, this share; all when absent. */
  share: z.number().min(0).max(1).optional(),
  /** How often at most; without end when absent. */
  times: z.number().int().min(1).optional(),
  /** Which operations; all when absent. */
  on: z.array(z.enum(operationNames)).min(1).optional(),
};

const onRequest = z.discriminatedUnion("type", [
  /** Takes that long, before the effect or between it and the answer. */
  z.strictObject({
    type: z.literal("slow"),
    ms: z.number().min(0),
    when: z.enum(["before", "after"]).optional(),
    ...common,
  }),
  /** Confirmations are declined, whatever the method. */
  z.strictObject({ type: z.literal("decline"), ...common }),
  /** A 5xx, stored under the key; with `after` the effect is there all the same. */
  z.strictObject({
    type: z.literal("fail"),
    effect: z.enum(["none", "after"]),
    status: z.number().int().min(500).max(599).optional(),
    ...common,
  }),
  /** A 429, before the request is looked at: nothing is stored. */
  z.strictObject({
    type: z.literal("limit"),
    code: z.enum(["rate_limit", "lock_timeout"]).optional(),
    ...common,
  }),
  /** A 5xx of something in between: the request never arrives, and nothing is stored. */
  z.strictObject({
    type: z.literal("gateway"),
    status: z.number().int().min(500).max(599).optional(),
    ...common,
  }),
  /** The effect is there and stored, and the connection breaks instead of an answer. */
  z.strictObject({ type: z.literal("lose-answer"), ...common }),
  /** The connection breaks before anything is done. */
  z.strictObject({ type: z.literal("unreachable"), ...common }),
  /** What was made that recently is not found by a search: by default a minute. */
  z.strictObject({ type: z.literal("index-late"), ms: z.number().min(0), ...common }),
]);

const onWebhook = z.discriminatedUnion("type", [
  /** Each event is delivered twice. */
  z.strictObject({ type: z.literal("webhook-twice"), share: common.share }),
  z.strictObject({ type: z.literal("webhook-late"), ms: z.number().min(0), share: common.share }),
  /** To other addresses than the first: in turn, or to those named. */
  z.strictObject({
    type: z.literal("webhook-elsewhere"),
    to: z.union([z.literal("round-robin"), z.array(z.string()).min(1)]),
    share: common.share,
  }),
  z.strictObject({ type: z.literal("webhook-lost"), share: common.share }),
]);

/** What the sandbox is told to do: these faults and no others, or none. */
export const faultsSchema = z.union([
  z.strictObject({ off: z.literal(true) }).transform(() => ({ faults: [] })),
  z.strictObject({ faults: z.array(z.union([onRequest, onWebhook])) }),
]);

export type RequestFault = z.infer<typeof onRequest>;
export type WebhookFault = z.infer<typeof onWebhook>;
type Fault = RequestFault | WebhookFault;

type ByType<F extends { readonly type: string }, T extends F["type"]> = Extract<F, { readonly type: T }>;

/** The faults of one request, drawn once. */
export type DrawnFaults = {
  readonly [T in RequestFault["type"]]?: ByType<RequestFault, T>;
};

export type DrawnWebhookFaults = {
  readonly [T in WebhookFault["type"]]?: ByType<WebhookFault, T>;
};

export interface Faults {
  set(faults: readonly Fault[]): void;
  ofRequest(operation: OperationName): DrawnFaults;
  ofWebhook(): DrawnWebhookFaults;
}

const isWebhookFault = (fault: Fault): fault is WebhookFault => fault.type.startsWith("webhook-");

export function createFaults(chance: Chance): Faults {
  let current: { readonly fault: Fault; left: number }[] = [];
  const drawn = (matches: (fault: Fault) => boolean): Record<string, Fault> => {
    const found: Record<string, Fault> = {};
    for (const entry of current) {
      const { fault } = entry;
      if (entry.left === 0 || found[fault.type] !== undefined || !matches(fault)) {
        continue;
      }
      if (fault.share === undefined || chance.share() < fault.share) {
        entry.left -= 1;
        found[fault.type] = fault;
      }
    }
    return found;
  };
  return {
    set(faults) {
      current = faults.map((fault) => ({
        fault,
        left: ("times" in fault ? fault.times : undefined) ?? Infinity,
      }));
    },
    ofRequest: (operation) =>
      drawn((fault) => !isWebhookFault(fault) && (fault.on === undefined || fault.on.includes(operation))),
    ofWebhook: () => drawn(isWebhookFault),
  };
}
