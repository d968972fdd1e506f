import { err, ok, type Result, type StorageError, type TransactionOutcome } from "@antipode/core";
import type { CancellationReason, TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import { readImage } from "./images.ts";
import { isTooLarge } from "./storage-errors.ts";

/**
 * What one write's reason says, the weightiest first. A failed condition decides whatever else stood in the way: the
 * same transaction would be refused again.
 */
const kinds = ["bug", "refused", "item-too-large", "contended", "throttled", "none"] as const;
type Kind = (typeof kinds)[number];

const kindByCode: Readonly<Record<string, Kind>> = {
  None: "none",
  ConditionalCheckFailed: "refused",
  ItemCollectionSizeLimitExceeded: "item-too-large",
  TransactionConflict: "contended",
  ProvisionedThroughputExceeded: "throttled",
  ThrottlingError: "throttled",
};

function kindOf({ Code = "", Message = "" }: CancellationReason): Kind {
  return isTooLarge(Message) ? "item-too-large" : (kindByCode[Code] ?? "bug");
}

type Refusals = (TransactionOutcome & { type: "refused" })["refusals"];

/** The writes whose conditions failed, with the items as they stood. */
function refusalsOf(
  reasons: readonly CancellationReason[],
  operation: string,
): Result<TransactionOutcome, StorageError> {
  const refusals: Refusals[number][] = [];
  for (const [index, reason] of reasons.entries()) {
    if (kindOf(reason) === "refused") {
      const read = readImage(reason.Item, operation);
      if (!read.ok) {
        return read;
      }
      refusals.push({ index, ...(read.value === undefined ? {} : { item: read.value }) });
    }
  }
  return ok({ type: "refused", refusals });
}

/** What a cancelled transaction comes to. Throws the failure when a caller should not expect it. */
export function cancelled(
  failure: TransactionCanceledException,
  operation: string,
): Result<TransactionOutcome, StorageError> {
  const { CancellationReasons: reasons = [] } = failure;
  const found = new Set(reasons.map(kindOf));
  const kind = kinds.find((candidate) => found.has(candidate)) ?? "bug";
  switch (kind) {
    case "bug":
    case "none":
      throw failure;
    case "refused":
      return refusalsOf(reasons, operation);
    default:
      return err({ type: kind, operation });
  }
}
