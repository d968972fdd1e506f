import { err, type Payment, type PaymentError, type Result } from "@antipode/core";
import { errorOf } from "./answers.ts";
import { readPayment } from "./read-payment.ts";
import type { StripeCalls } from "./stripe-calls.ts";

/** The payment as it is by now. */
export async function readNow(
  calls: StripeCalls,
  operation: string,
  id: string,
): Promise<Result<Payment, PaymentError>> {
  const answer = await calls.read(id);
  return answer.type === "done" ? readPayment(operation, answer.value) : err(errorOf(operation, answer));
}
