import type { Webhooks } from "@antipode/core";
import type { ApiDeps } from "../api/deps.ts";
import type { SellingDeps } from "../orders/deps.ts";

/** The world of the Checkout function. */
export type CheckoutDeps = ApiDeps & SellingDeps & { readonly webhooks: Webhooks };
