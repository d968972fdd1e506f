import * as z from "zod";
import type { OperationName } from "./faults.ts";

const expand = { expand: z.array(z.string()).optional() };
const amount = z
  .string()
  .regex(/^[0-9]{1,16}$/, "Invalid integer")
  .transform(Number);
const pageLimit = amount.refine((limit) => limit >= 1 && limit <= 100, "Limit is 1 to 100").default(10);
const currency = z.string().regex(/^[a-z]{3}$/, "Invalid currency");
const metadata = z.record(z.string().max(40), z.string().max(500));

/** What each operation takes: anything else is refused, as the provider does. Values are text in a form. */
export const parametersByOperation = {
  create: z.strictObject({
    amount,
    currency,
    capture_method: z.enum(["automatic", "manual"]).default("automatic"),
    allowed_payment_method_types: z.array(z.literal("card")).default(["card"]),
    metadata: metadata.default({}),
    ...expand,
  }),
  update: z.strictObject({
    amount: amount.optional(),
    currency: currency.optional(),
    metadata: metadata.optional(),
    ...expand,
  }),
  confirm: z.strictObject({
    payment_method: z.string().optional(),
    use_stripe_sdk: z.enum(["true", "false"]).optional(),
    ...expand,
  }),
  capture: z.strictObject({ amount_to_capture: amount.optional(), ...expand }),
  cancel: z.strictObject({
    cancellation_reason: z.enum(["duplicate", "fraudulent", "requested_by_customer", "abandoned"]).optional(),
    ...expand,
  }),
  refund: z.strictObject({
    payment_intent: z.string(),
    amount: amount.optional(),
    reason: z.enum(["duplicate", "fraudulent", "requested_by_customer"]).optional(),
    metadata: metadata.optional(),
    ...expand,
  }),
  read: z.strictObject({ ...expand }),
  search: z.strictObject({
    query: z.string(),
    limit: pageLimit,
    page: z.string().optional(),
    ...expand,
  }),
  list: z.strictObject({
    limit: pageLimit,
    starting_after: z.string().optional(),
    ending_before: z.string().optional(),
    created: z.strictObject({ gte: amount.optional(), lt: amount.optional() }).optional(),
    ...expand,
  }),
} as const satisfies Record<OperationName, z.ZodType>;

export type Parameters<O extends OperationName> = z.output<(typeof parametersByOperation)[O]>;

const intentPath = /^\/v1\/payment_intents\/([^/]+)(?:\/(confirm|capture|cancel))?$/;

/** Which operation an address is, and on what. */
export function operationOf(
  method: string,
  path: string,
): { readonly operation: OperationName; readonly id: string } | undefined {
  if (path === "/v1/payment_intents") {
    return method === "POST"
      ? { operation: "create", id: "" }
      : method === "GET"
        ? { operation: "list", id: "" }
        : undefined;
  }
  if (path === "/v1/payment_intents/search" && method === "GET") {
    return { operation: "search", id: "" };
  }
  if (path === "/v1/refunds" && method === "POST") {
    return { operation: "refund", id: "" };
  }
  const [, id = "", verb] = intentPath.exec(path) ?? [];
  if (id === "") {
    return undefined;
  }
  if (method === "GET") {
    return verb === undefined ? { operation: "read", id } : undefined;
  }
  const operation = z.enum(["update", "confirm", "capture", "cancel"]).parse(verb ?? "update");
  return method === "POST" ? { operation, id } : undefined;
}
