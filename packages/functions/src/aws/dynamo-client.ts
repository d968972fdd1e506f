import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";

type Logger = NonNullable<DynamoDBClientConfig["logger"]>;

/** How long one call may take, and how often it is tried. */
export interface CallLimits {
  readonly connectionTimeoutMs: number;
  /** Of one attempt. */
  readonly requestTimeoutMs: number;
  /** Attempts in all; the SDK waits a random time below 2^n × 50 ms between them, at most 20 s. */
  readonly attempts: number;
}

/** Own region: answers come within 10 ms, so a second is a fault; three attempts stay below the API's 10 s. */
export const ownRegionLimits: CallLimits = {
  connectionTimeoutMs: 500,
  requestTimeoutMs: 1_000,
  attempts: 3,
};

/**
 * Of checkers' questions, which wait for a second: a connection that died while the instance was frozen leaves time for
 * another attempt, and that a table is busy is told within it.
 */
export const healthLimits: CallLimits = {
  connectionTimeoutMs: 300,
  requestTimeoutMs: 500,
  attempts: 2,
};

/** A peer is up to 250 ms away; the shopper waits, so one more attempt and no more. */
export const peerLimits: CallLimits = {
  connectionTimeoutMs: 1_000,
  requestTimeoutMs: 1_500,
  attempts: 2,
};

/**
 * Hears warnings and nothing else. The SDK copies each request and answer, without secrets, for a logger that can take
 * `info`, and its own default takes it to throw it away: a sixth of the CPU of a read.
 */
const warnings: Pick<Logger, "debug" | "warn"> = {
  debug() {},
  warn(...content) {
    console.warn(...content);
  },
};

export function createDynamoClient(region: string, limits: CallLimits): DynamoDBClient {
  return new DynamoDBClient({
    region,
    logger: warnings as Logger,
    maxAttempts: limits.attempts,
    retryMode: "standard",
    requestHandler: {
      connectionTimeout: limits.connectionTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      throwOnRequestTimeout: true, // without it the SDK only warns
    },
  });
}
