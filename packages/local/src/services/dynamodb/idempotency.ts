import { createHash } from "node:crypto";
import { AwsError } from "../service.ts";

/** DynamoDB remembers a transaction's token for ten minutes. */
export const tokenLifetimeMs = 10 * 60 * 1000;

export interface TransactionTokens {
  /** Whether the same transaction was already done; throws IdempotentParameterMismatchException on another body. */
  isRepeat(token: string, transactItems: unknown, nowMs: number): boolean;
  remember(token: string, transactItems: unknown, nowMs: number): void;
}

/** Members in one order, so that equal requests have equal digests however they were written down. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, canonical(member)]),
  );
}

function digestOf(transactItems: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(canonical(transactItems)))
    .digest("base64");
}

/** The tokens of one region's successful transactions. A cancelled one is not remembered: it may be tried again. */
export function createTransactionTokens(): TransactionTokens {
  const doneByToken = new Map<string, { readonly digest: string; readonly atMs: number }>();

  function forgetOld(nowMs: number): void {
    for (const [token, { atMs }] of doneByToken) {
      if (atMs > nowMs - tokenLifetimeMs) return; // a map keeps the order of insertion
      doneByToken.delete(token);
    }
  }

  return {
    isRepeat(token, transactItems, nowMs) {
      forgetOld(nowMs);
      const done = doneByToken.get(token);
      if (done === undefined) return false;
      if (done.digest !== digestOf(transactItems)) {
        throw new AwsError(
          "IdempotentParameterMismatchException",
          "DynamoDB rejected the request because you retried a request with a different payload but with an idempotent token that was already used.",
        );
      }
      return true;
    },
    remember(token, transactItems, nowMs) {
      doneByToken.set(token, { digest: digestOf(transactItems), atMs: nowMs });
    },
  };
}
