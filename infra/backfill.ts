/**
 * Rebuilds this region's views, offers and conflicts from its replica of Catalog. Streams remember 24 hours: a region
 * that joins when the catalog is older finds all edits in its replica and no record of them. So the function is started
 * once when the stage is first deployed, and by an operator whenever views are missing.
 */
import { deployment, deploymentLink } from "./deployment.ts";
import { viewKeeping } from "./dispatchers.ts";
import { regionalFunction } from "./function.ts";
import { accountId, stage, stageName } from "./stage.ts";
import { globalTables } from "./tables.ts";

const name = "Backfill";

export const backfill = regionalFunction(name, {
  handler: "packages/functions/src/backfill/handler.handler",
  description: "Rebuilds the region's product views from its replica; runs at the first deployment",
  link: [deploymentLink, ...viewKeeping.link],
  permissions: [
    { actions: ["dynamodb:Scan"], resources: [globalTables.Catalog.arn] },
    ...viewKeeping.permissions,
    {
      actions: ["lambda:InvokeFunction"], // itself, for what does not fit into one run
      resources: [$interpolate`arn:aws:lambda:${stage.region}:${accountId}:function:${stageName(name)}`],
    },
  ],
  timeout: "300 seconds",
  memory: "512 MB",
});

// Lambda takes a function that invokes itself sixteen times for a runaway loop and stops it; a large catalog takes more
// runs. The function bounds them itself.
const recursion = new aws.lambda.FunctionRecursionConfig(`${name}Recursion`, {
  functionName: backfill.name,
  recursiveLoop: "Allow",
});

// Answers when the work has begun, so a deployment neither waits for a large catalog nor fails for one bad product. Not
// under `sst dev`, where the function would wait for a person's machine.
if (!$dev) {
  new aws.lambda.Invocation(
    `${name}Start`,
    {
      functionName: backfill.name,
      input: JSON.stringify({ continue: true }),
      triggers: { origin: deployment.origin }, // a replica that was created again
    },
    { dependsOn: [recursion] },
  );
}
