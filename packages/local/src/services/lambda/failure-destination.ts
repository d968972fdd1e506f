import { AwsError } from "../service.ts";
import type { FailedCall } from "./async-invocations.ts";

export interface FailureRecordOptions {
  /** By the region's clock, ms since 1970. */
  readonly atMs: number;
  readonly requestId: string;
}

/**
 * What a destination of failed asynchronous calls gets, JSON text:
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export function failureRecord(call: FailedCall, { atMs, requestId }: FailureRecordOptions): string {
  const { functionArn, payload, outcome, attempts, condition } = call;
  const reached = !(outcome instanceof AwsError);
  return JSON.stringify({
    version: "1.0",
    timestamp: new Date(atMs).toISOString(),
    requestContext: {
      requestId,
      functionArn: `${functionArn}:$LATEST`,
      condition,
      approximateInvokeCount: attempts,
    },
    requestPayload: JSON.parse(payload),
    ...(reached
      ? {
          responseContext: {
            statusCode: 200,
            executedVersion: "$LATEST",
            functionError: outcome.functionError ?? "Unhandled",
          },
          responsePayload: JSON.parse(outcome.payload),
        }
      : {}),
  });
}
