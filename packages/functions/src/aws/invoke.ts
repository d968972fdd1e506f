import { err, ok, type Result } from "@antipode/core";
import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";

const shownCharsMax = 500; // of a function's error, for a log entry

/**
 * Invokes a function and waits for its answer, as JSON text: `null` for none. An error is the function's own, as it said it.
 * Throws when Lambda was not reached, or did not run it.
 */
export async function invokeForAnswer(
  client: LambdaClient,
  { functionName, payload }: { readonly functionName: string; readonly payload: string },
  options: { readonly abortSignal?: AbortSignal } = {},
): Promise<Result<string, string>> {
  const command = new InvokeCommand({
    FunctionName: functionName,
    InvocationType: "RequestResponse",
    Payload: new TextEncoder().encode(payload),
  });
  const answer = await client.send(command, options);
  // The SDK's types say undefined; for an empty answer it gives null.
  const body = answer.Payload ?? undefined;
  const text = body?.transformToString("utf-8") ?? "";
  return answer.FunctionError === undefined
    ? ok(text === "" ? "null" : text)
    : err(`${answer.FunctionError}: ${text.slice(0, shownCharsMax)}`);
}
