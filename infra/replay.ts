/** Runs the batches of the failure bucket again, when an operator has mended what made them fail. */
import { deploymentLink } from "./deployment.ts";
import { dispatcherFunctions } from "./dispatchers.ts";
import { failedBatches } from "./failed-batches.ts";
import { regionalFunction } from "./function.ts";

export const replay = regionalFunction("Replay", {
  handler: "packages/functions/src/replay/handler.handler",
  description: "Runs failed stream batches again; invoked by an operator",
  link: [deploymentLink, failedBatches],
  permissions: [
    { actions: ["s3:ListBucket"], resources: [failedBatches.arn] },
    {
      actions: ["s3:GetObject", "s3:DeleteObject"],
      resources: [$interpolate`${failedBatches.arn}/aws/lambda/*`],
    },
    {
      actions: ["lambda:InvokeFunction"],
      resources: dispatcherFunctions.map((dispatcher) => dispatcher.arn),
    },
  ],
  timeout: "300 seconds",
  memory: "512 MB",
});
