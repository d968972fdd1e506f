import { createHmac } from "node:crypto";

/** The `Stripe-Signature` of a body sent at that time: HMAC-SHA256 over time and body, as `t=…,v1=…`. */
export function signatureOf(body: string, secret: string, nowMs: number): string {
  const second = Math.floor(nowMs / 1_000);
  const digest = createHmac("sha256", secret).update(`${second}.${body}`).digest("hex");
  return `t=${second},v1=${digest}`;
}
