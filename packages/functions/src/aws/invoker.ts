import { LambdaClient } from "@aws-sdk/client-lambda";
import type { Invoker } from "../replay/create-replay.ts";
import { invokeForAnswer } from "./invoke.ts";

/** Longer than the invoked function's own limit of 30 s, and one attempt: it would run twice at once otherwise. */
export function createLambdaClient(region: string): LambdaClient {
  return new LambdaClient({
    region,
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 32_000, throwOnRequestTimeout: true },
  });
}

export function createInvoker(client: LambdaClient): Invoker {
  return {
    invoke: (functionArn, payload) => invokeForAnswer(client, { functionName: functionArn, payload }),
  };
}
