import * as z from "zod";
import { dangling, type GraphIndex } from "../graph/index-graphs.ts";
import { GraphError } from "../graph/load.ts";
import { readPart } from "../graph/read-inputs.ts";
import type { GraphResource } from "../graph/schema.ts";
import { firstDenial } from "../services/iam/evaluate.ts";
import { functionPrincipal } from "../services/iam/statement.ts";
import type { AsyncSettings } from "../services/lambda/async-invocations.ts";
import type { FunctionDefinition } from "../services/lambda/definition.ts";
import type { SubscriptionContext } from "./topics.ts";

export const eventInvokeConfigType = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig";

/** How a function's asynchronous calls are repeated, and where those end that fail for good. */
export interface PlannedAsyncSettings extends AsyncSettings {
  readonly functionArn: string;
}

const inputsShape = z.object({
  functionName: z.string(),
  qualifier: z.never("versions and aliases are not run").optional(),
  maximumRetryAttempts: z.number().int().min(0).max(2).default(2),
  maximumEventAgeInSeconds: z.number().int().min(60).max(21_600).default(21_600),
  destinationConfig: z
    .object({
      onFailure: z.object({ destination: z.string() }).optional(),
      onSuccess: z.never("destinations of success are not run").optional(),
    })
    .optional(),
});

export function planAsyncSettings(index: GraphIndex, context: SubscriptionContext): PlannedAsyncSettings[] {
  return index.all(eventInvokeConfigType).map((resource) => {
    const inputs = readPart(resource, "inputs", inputsShape);
    const called = context.functions.find(
      ({ arn, name, region }) =>
        region === resource.region && (name === inputs.functionName || arn === inputs.functionName),
    );
    if (!called) throw dangling(resource, inputs.functionName);
    const destination = inputs.destinationConfig?.onFailure?.destination;
    if (destination !== undefined) requireDestination(resource, called, destination, context);
    return {
      functionArn: called.arn,
      retriesMax: inputs.maximumRetryAttempts,
      ageMaxMs: inputs.maximumEventAgeInSeconds * 1_000,
      ...(destination === undefined ? {} : { failureDestination: destination }),
    };
  });
}

/** Lambda sends there with the function's own role. */
function requireDestination(
  resource: GraphResource,
  called: FunctionDefinition,
  arn: string,
  { queues, topics }: SubscriptionContext,
): void {
  const queue = queues.find((one) => one.arn === arn);
  const found = queue ?? topics.find((one) => one.arn === arn);
  if (found === undefined) throw dangling(resource, arn);
  const { keyArn } = found;
  const keyed = keyArn === undefined ? [] : ["kms:GenerateDataKey", "kms:Decrypt"];
  const denial = firstDenial(functionPrincipal(called.roleArn, called.name, called.statements), [
    { action: queue === undefined ? "sns:Publish" : "sqs:SendMessage", resource: arn },
    ...keyed.map((action) => ({ action, resource: keyArn ?? "" })),
  ]);
  if (denial) throw new GraphError(`${resource.name} in ${resource.region} cannot work. ${denial.message}`);
}
