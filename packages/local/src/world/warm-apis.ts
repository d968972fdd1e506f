import type { WorldPlan } from "../provision/plan.ts";
import type { Lambda } from "../services/lambda/lambda.ts";

/** A checker's first look would find a function that starts, and a busy machine would have all of them start at once. */
export async function warmApis({ apis, zones }: WorldPlan, lambda: Pick<Lambda, "warm">): Promise<void> {
  if (zones.length === 0) return;
  const polled = apis.flatMap(({ routes }) => routes.filter(({ routeKey }) => routeKey === "$default"));
  await Promise.all(polled.map(({ functionArn }) => lambda.warm(functionArn)));
}
