import { err, ok } from "@antipode/core";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import type { Invoker } from "../replay/create-replay.ts";

/** Longer than the invoked function's own limit of 30 s, and one attempt: it would run twice at once otherwise. */
export function createLambdaClient(region: string): LambdaClient {
  return new LambdaClient({
    region,
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 32_000, throwOnRequestTimeout: true },
  });
}

const shownCharsMax = 500; // of a function's error, for the summary

export function createInvoker(client: LambdaClient): Invoker {
  return {
    async invoke(functionArn, payload) {
      const answer = await client.send(
        new InvokeCommand({
          FunctionName: functionArn,
          InvocationType: "RequestResponse",
          Payload: new TextEncoder().encode(payload),
        }),
      );
      // The SDK's types say undefined; for an empty answer it gives null.
      const body = answer.Payload ?? undefined;
      const text = body === undefined || body.length === 0 ? "" : body.transformToString("utf-8");
      return answer.FunctionError === undefined
        ? ok(text === "" ? "null" : text)
        : err(`${answer.FunctionError}: ${text.slice(0, shownCharsMax)}`);
    },
  };
}
