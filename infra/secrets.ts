/**
 * The key set that signs and verifies shopper sessions. It must be the same in every stage of an environment, or a
 * session of one region is worth nothing in the next: `sst secret set SessionKeys '[{"kid":"…","secret":"…"}]'`.
 * The first key signs, all verify, so that keys rotate without logging anyone out.
 */
export const sessionKeys = new sst.Secret("SessionKeys");

/** The payment provider's secret API key. One account serves all regions: an order has one payment, whoever placed it. */
export const paymentKey = new sst.Secret("PaymentKey");

/** What the provider signs its webhook with: one endpoint, which any region may answer. */
export const paymentWebhookSecret = new sst.Secret("PaymentWebhookSecret");
