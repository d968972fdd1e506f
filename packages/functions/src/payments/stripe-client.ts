import Stripe from "stripe";

/** The API version that this code and the SDK's types are written for. Raised together with the SDK, never alone. */
const apiVersion = "2026-10-28.endive";

export interface StripeTimeouts {
  /** Of a question: these take some 100 ms. */
  readonly readMs: number;
  /** Of what changes something: a bank is asked in some of them, which takes seconds. */
  readonly changeMs: number;
}

/**
 * Both, and a claim's two changes, fit in the time that a checkout has; with a search before them that is as slow they may not.
 * Whoever is cut off asks again.
 */
export const defaultTimeouts: StripeTimeouts = { readMs: 3_000, changeMs: 6_000 };

export interface StripeAccess {
  readonly secretKey: string;
  /** Where the API answers, for a world without the real one: `http://127.0.0.1:4000`. Without a path. */
  readonly baseUrl?: string;
}

function addressOf(baseUrl: string) {
  const { protocol, hostname, port } = new URL(baseUrl);
  if (protocol !== "http:" && protocol !== "https:") {
    throw new Error(`not an http address: ${baseUrl}`);
  }
  const isPlain = protocol === "http:";
  return {
    protocol: isPlain ? ("http" as const) : ("https" as const),
    host: hostname,
    port: port === "" ? (isPlain ? 80 : 443) : Number(port),
  };
}

/**
 * The SDK repeats nothing: whether a failure is the first answer under a key or a stored one decides what comes next, and
 * a repetition inside would hide it. Telemetry would tell Stripe how long calls of other shoppers took.
 */
export function createStripeClient({ secretKey, baseUrl }: StripeAccess): Stripe {
  return new Stripe(secretKey, {
    apiVersion,
    maxNetworkRetries: 0,
    telemetry: false,
    httpClient: Stripe.createFetchHttpClient(),
    ...(baseUrl === undefined ? {} : addressOf(baseUrl)),
  });
}
