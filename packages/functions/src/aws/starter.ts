import { err, ok, type Result } from "@antipode/core";
import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";

/** Invokes a function without waiting for its answer; an error is why it was not taken. */
export type Starter = (functionName: string, payload: string) => Promise<Result<undefined, string>>;

export function createStarter(client: LambdaClient): Starter {
  return async (functionName, payload) => {
    try {
      await client.send(
        new InvokeCommand({
          FunctionName: functionName,
          InvocationType: "Event",
          Payload: new TextEncoder().encode(payload),
        }),
      );
      return ok(undefined);
    } catch (error) {
      return err(String(error));
    }
  };
}
