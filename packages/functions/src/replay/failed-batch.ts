import { err, ok, type Result } from "@antipode/core";
import * as z from "zod";

/**
 * What Lambda files for a stream batch that it gave up on; only in a bucket it carries `payload`, the whole event as
 * text. https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
const failedBatchSchema = z.object({
  requestContext: z.object({ functionArn: z.string().startsWith("arn:"), condition: z.string().optional() }),
  DDBStreamBatchInfo: z.object({ batchSize: z.int(), streamArn: z.string() }).partial().optional(),
  payload: z.union([z.string().min(1), z.record(z.string(), z.unknown())]),
});

export interface FailedBatch {
  readonly functionArn: string;
  /** The event, as JSON text. */
  readonly payload: string;
}

export function readFailedBatch(text: string): Result<FailedBatch, string> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return err("not JSON");
  }
  const parsed = failedBatchSchema.safeParse(json);
  if (!parsed.success) {
    return err(`not a failed batch: ${parsed.error.issues.map((issue) => issue.path.join(".")).join(", ")}`);
  }
  const { requestContext, payload } = parsed.data;
  return ok({
    functionArn: requestContext.functionArn,
    payload: typeof payload === "string" ? payload : JSON.stringify(payload),
  });
}
