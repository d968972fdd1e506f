import { type ModelContext, type ProviderOutputs, type ResourceModels, uuidOf } from "../model.ts";

function functionOutputs(context: ModelContext): ProviderOutputs {
  const name = context.auto("name");
  const arn = context.arn("lambda", `function:${name}`);
  const invoke = (version: string, target: string, verb: string): string =>
    `arn:aws:apigateway:${context.region}:lambda:path/${version}/functions/${target}/${verb}`;
  return {
    id: name,
    name,
    arn,
    version: "1",
    qualifiedArn: `${arn}:1`,
    invokeArn: invoke("2015-03-31", arn, "invocations"),
    qualifiedInvokeArn: invoke("2015-03-31", `${arn}:1`, "invocations"),
    responseStreamingInvokeArn: invoke("2021-11-15", arn, "response-streaming-invocations"),
    publish: context.inputs["publish"] ?? false,
  };
}

export const lambdaModels: ResourceModels = {
  "aws:lambda/function:Function": {
    outputs: functionOutputs,
    inputs: [
      "name",
      "reservedConcurrentExecutions",
      "ephemeralStorage",
      "loggingConfig",
      "vpcConfig",
      "layers",
      "tags",
    ],
    read: (id) => ({ name: id }),
  },
  "aws:lambda/eventSourceMapping:EventSourceMapping": {
    outputs: (context) => {
      const id = uuidOf(context);
      return { id, uuid: id, arn: context.arn("lambda", `event-source-mapping:${id}`) };
    },
    inputs: [
      "eventSourceArn",
      "functionName",
      "enabled",
      "batchSize",
      "filterCriteria",
      "startingPosition",
      "functionResponseTypes",
      "bisectBatchOnFunctionError",
      "maximumRetryAttempts",
      "maximumRecordAgeInSeconds",
      "parallelizationFactor",
      "destinationConfig",
      "maximumBatchingWindowInSeconds",
      "tumblingWindowInSeconds",
      "scalingConfig",
      "metricsConfig",
    ],
  },
  "aws:lambda/permission:Permission": {
    outputs: (context) => ({ id: context.auto("statementId"), statementId: context.auto("statementId") }),
    inputs: [
      "action",
      "function",
      "principal",
      "qualifier",
      "sourceArn",
      "sourceAccount",
      "functionUrlAuthType",
      "invokedViaFunctionUrl",
    ],
  },
  "aws:lambda/functionUrl:FunctionUrl": {
    outputs: (context) => {
      const urlId = context.digest(32);
      const functionUrl = `https://${urlId}.lambda-url.${context.region}.on.aws/`;
      return { id: context.given("functionName") ?? urlId, urlId, functionUrl };
    },
    inputs: ["functionName", "authorizationType", "invokeMode", "qualifier", "cors"],
    wiring: ["functionUrl"],
  },
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": {
    outputs: (context) => ({ id: context.given("functionName") ?? context.name }),
    inputs: [
      "functionName",
      "maximumRetryAttempts",
      "maximumEventAgeInSeconds",
      "qualifier",
      "destinationConfig",
    ],
  },
  "aws:lambda/functionRecursionConfig:FunctionRecursionConfig": {
    outputs: (context) => ({ id: context.given("functionName") ?? context.name }),
    inputs: ["functionName", "recursiveLoop"],
  },
  // What the function would answer is not known before it runs.
  "aws:lambda/invocation:Invocation": {
    outputs: (context) => ({
      id: [context.given("functionName") ?? "", "$LATEST", context.digest(32)].join("_"),
      result: "null",
    }),
    inputs: ["functionName", "qualifier", "input", "triggers", "lifecycleScope"],
  },
  "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": {
    outputs: (context) => ({ id: [context.given("functionName"), context.given("qualifier")].join(",") }),
    inputs: ["functionName", "qualifier", "provisionedConcurrentExecutions"],
  },
  "aws:lambda/alias:Alias": {
    outputs: (context) => {
      const name = context.auto("name");
      const target = context.given("functionName") ?? "";
      const arn = `${target.startsWith("arn:") ? target : context.arn("lambda", `function:${target}`)}:${name}`;
      return { id: arn, name, arn };
    },
    inputs: ["name", "functionName", "functionVersion"],
  },
};
