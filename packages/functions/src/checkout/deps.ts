import type { Webhooks } from "@antipode/core";
import type { ApiDeps } from "../api/deps.ts";
import type { SellingDeps } from "../orders/deps.ts";
import type { Delay } from "../platform/clock.ts";

/** The world of the Checkout function. */
export type CheckoutDeps = ApiDeps &
  SellingDeps & {
    readonly webhooks: Webhooks;
    /** Says when a request has waited long enough for somebody else. */
    readonly timer: Delay;
  };
