import type { WorldPlan } from "../provision/plan.ts";
import type { Lambda } from "../services/lambda/lambda.ts";

/** A checker's first look would find a function that starts, and a busy machine would have all of them start at once. */
export async function warmApis({ apis, zones }: WorldPlan, lambda: Pick<Lambda, "warm">): Promise<void> {
  if (zones.length === 0) return;
  const polled = apis.flatMap(({ routes }) => routes.filter(({ routeKey }) => routeKey === "$default"));
  await Promise.all(polled.map(({ functionArn }) => lambda.warm(functionArn)));
}

/**
 * Where time is faster than the machine a start takes as much longer, and dozens at once would look like an outage: what
 * runs by itself, and what shoppers ask, has started before time begins to tell. Two at a time, as a laptop has cores.
 */
export async function warmAll(plan: WorldPlan, lambda: Pick<Lambda, "warm">): Promise<void> {
  const { schedules, mappings, apis } = plan;
  const arns = new Set([
    ...apis.flatMap(({ routes }) => routes.map(({ functionArn }) => functionArn)),
    ...mappings.map(({ functionArn }) => functionArn),
    ...schedules.filter(({ enabled }) => enabled).map(({ functionArn }) => functionArn),
  ]);
  const waiting = [...arns];
  const startNext = async (): Promise<void> => {
    for (let arn = waiting.shift(); arn !== undefined; arn = waiting.shift()) await lambda.warm(arn);
  };
  await Promise.all([startNext(), startNext()]);
}
