import path from "node:path";
import { createPayments, type Payments, type PaymentsOptions, takesPayments } from "../payments/payments.ts";
import type { WorldPlan } from "../provision/plan.ts";

export interface WorldPaymentsOptions extends Omit<PaymentsOptions, "regions" | "main" | "port"> {
  readonly root: string;
  /** The repository's own when left out. */
  readonly paymentSandbox?: string;
  /** A free one when left out. */
  readonly paymentPort?: number;
  readonly say: (line: string) => void;
}

/** The payment provider, if any function asks it. */
export async function openPayments(
  { functions, regions }: Pick<WorldPlan, "functions" | "regions">,
  options: WorldPaymentsOptions,
): Promise<Payments | undefined> {
  if (!takesPayments(functions)) return undefined;
  const { root, paymentSandbox = path.join(root, "packages/payment-sandbox/src/main.ts") } = options;
  options.say("Starting the payment sandbox …");
  return createPayments({ ...options, regions, main: paymentSandbox, port: options.paymentPort ?? 0 });
}
