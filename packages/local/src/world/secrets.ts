import { randomBytes } from "node:crypto";

const keyBytes = 32;

/**
 * Values for the environment's secrets, by link name: new ones for each world, the same in all its regions, as
 * `sst secret set` would have them in every stage.
 */
export function worldSecrets() {
  const random = () => randomBytes(keyBytes).toString("base64url");
  return {
    SessionKeys: JSON.stringify([{ kid: "local", secret: random() }]),
    PaymentKey: `sk_test_${random()}`,
    PaymentWebhookSecret: `whsec_${random()}`,
  } satisfies Readonly<Record<string, string>>;
}
