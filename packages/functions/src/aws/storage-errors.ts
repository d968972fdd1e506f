import { err, ok, type Result, type StorageError } from "@antipode/core";

const throttles: ReadonlySet<string> = new Set([
  "ProvisionedThroughputExceededException",
  "ThrottlingException",
  "RequestLimitExceeded",
  "ThrottledException",
]);

/** Name by which the SDK and Node call a store that cannot be reached or does not answer. */
const outages: ReadonlySet<string> = new Set([
  "TimeoutError",
  "RequestTimeout",
  "AbortError",
  "InternalServerError",
  "ServiceUnavailable",
  "ServiceUnavailableException",
  "ReplicatedWriteConflictException",
  "TransactionInProgressException",
]);

const networkCodes: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
]);

/** How DynamoDB words that an item, or what a transaction holds, is too large. */
const tooLarge = /^(?:Item size .*exceeded|Transaction payload size)/;

export function isTooLarge(message: string): boolean {
  return tooLarge.test(message);
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function statusOf(error: object): number {
  const metadata: unknown = Reflect.get(error, "$metadata");
  const status: unknown =
    typeof metadata === "object" && metadata !== null ? Reflect.get(metadata, "httpStatusCode") : undefined;
  return typeof status === "number" ? status : 0;
}

/** The failure that a caller should expect of this error, or nothing when it is a bug of ours. */
export function toStorageError(error: unknown, operation: string): StorageError | undefined {
  if (!(error instanceof Error)) {
    return undefined;
  }
  const code = text(Reflect.get(error, "code"));
  if (throttles.has(error.name)) {
    return { type: "throttled", operation };
  }
  if (error.name === "TransactionConflictException") {
    return { type: "contended", operation };
  }
  if (error.name === "ValidationException" && isTooLarge(error.message)) {
    return { type: "item-too-large", operation };
  }
  if (outages.has(error.name) || networkCodes.has(code) || statusOf(error) >= 500) {
    return { type: "unavailable", operation, reason: `${error.name}: ${error.message}` };
  }
  return undefined;
}

/** An exception that is an outcome and not a failure, as a value. */
export async function unless<T, E extends Error>(
  outcome: abstract new (...arguments_: never[]) => E,
  call: () => Promise<T>,
): Promise<T | E> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof outcome) {
      return error;
    }
    throw error;
  }
}

/** Runs a call to the store: expected failures become values, anything else is thrown. */
export async function storing<T>(
  operation: string,
  call: () => Promise<T>,
): Promise<Result<T, StorageError>> {
  try {
    return ok(await call());
  } catch (error) {
    const expected = toStorageError(error, operation);
    if (expected === undefined) {
      throw error;
    }
    return err(expected);
  }
}
