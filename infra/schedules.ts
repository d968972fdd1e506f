/**
 * What each region does by itself, every minute. A rule may fire twice, and it only hands a run to Lambda's queue. A run
 * that fails Lambda repeats twice, after one minute and after two more; one that it cannot start waits for up to six
 * hours. So runs may come late, doubled and side by side: each is safe to repeat, and none of this does harm.
 */
import { deployment, deploymentLink } from "./deployment.ts";
import { leadingKeys, regionalFunction } from "./function.ts";
import { orderKeeping, readControl } from "./selling.ts";
import { stageName } from "./stage.ts";
import { globalTables } from "./tables.ts";
import { drainNewsLink, failoverTopic, publishTo, recoveryTopic } from "./topics.ts";

const { Control, Orders } = globalTables;

function everyMinute(name: string, target: sst.aws.Function) {
  const rule = new aws.cloudwatch.EventRule(`${name}Schedule`, {
    name: stageName(`${name}Schedule`),
    description: `Runs ${name} every minute`,
    scheduleExpression: "rate(1 minute)",
  });
  const permission = new aws.lambda.Permission(`${name}SchedulePermission`, {
    action: "lambda:InvokeFunction",
    function: target.name,
    principal: "events.amazonaws.com",
    sourceArn: rule.arn,
  });
  new aws.cloudwatch.EventTarget(
    `${name}ScheduleTarget`,
    {
      rule: rule.name,
      arn: target.arn,
      retryPolicy: { maximumEventAgeInSeconds: 60, maximumRetryAttempts: 0 }, // of the handing over; the next minute does it
    },
    { dependsOn: [permission] },
  );
}

/** Says that the region lives; the others' answers are its lease to sell. */
export const heartbeat = regionalFunction("Heartbeat", {
  handler: "packages/functions/src/heartbeat/handler.handler",
  description: "Writes this region's heartbeat, and how long its lease to sell runs",
  link: [deploymentLink, Control.link],
  permissions: [
    {
      actions: ["dynamodb:Query", "dynamodb:UpdateItem"],
      resources: [Control.arn],
      conditions: leadingKeys("REGION#"),
    },
  ],
  timeout: "30 seconds",
  memory: "256 MB",
});

/** Brings to an end what a crash, a lost answer or a shopper left open: holds, checkouts, payments. */
export const repair = regionalFunction("Repair", {
  handler: "packages/functions/src/repair/handler.handler",
  description: "Finishes orders that are due, returns expired holds, and reconciles payments",
  link: [deploymentLink, ...orderKeeping.link, Control.link],
  permissions: [
    ...orderKeeping.permissions,
    readControl, // whose payments are nobody's: those of regions that were given up
    // No prefix: the leading keys of a query on an index are the index's, here origins.
    { actions: ["dynamodb:Query"], resources: [$interpolate`${Orders.arn}/index/byDue`] },
  ],
  timeout: "55 seconds", // below its period: runs side by side, as after a failure, mostly find each other's work
  memory: "512 MB",
});

/** Looks at every other region from outside every ten seconds, and says whether it votes to drain one. */
export const prober = regionalFunction("Prober", {
  handler: "packages/functions/src/prober/handler.handler",
  description: "Looks at the other regions as a client would, and votes to drain those that fail",
  link: [deploymentLink, drainNewsLink, Control.link],
  permissions: [
    readControl,
    {
      actions: ["dynamodb:PutItem"],
      resources: [Control.arn],
      conditions: leadingKeys(`REGION#${deployment.origin}`),
    },
    ...publishTo(failoverTopic, recoveryTopic), // that there is something to do about a drain
  ],
  timeout: "59 seconds", // six rounds, ten seconds apart; a last one that could not end in time is left to the next run
  memory: "256 MB",
});

everyMinute("Prober", prober);
everyMinute("Heartbeat", heartbeat);
everyMinute("Repair", repair);
