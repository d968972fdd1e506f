import type { WorldPlan } from "../provision/plan.ts";
import { createRouter } from "../services/apigateway/route.ts";
import type { Lambda } from "../services/lambda/lambda.ts";

/**
 * A checker's or prober's first look would find a function that starts, and a busy machine would have all of them start at
 * once: what checks ask has started before, and what all other paths lead to.
 */
export async function warmApis(
  { apis, zones, healthChecks }: Pick<WorldPlan, "apis" | "zones" | "healthChecks">,
  lambda: Pick<Lambda, "warm">,
): Promise<void> {
  if (zones.length === 0) return;
  const paths = healthChecks.flatMap(({ check }) => (check.type === "CALCULATED" ? [] : check.path));
  const asked = apis.flatMap(({ routes }) => {
    const lead = createRouter(routes);
    return ["/", ...paths].flatMap((path) => lead("GET", path)?.route.functionArn ?? []);
  });
  await Promise.all([...new Set(asked)].map((functionArn) => lambda.warm(functionArn)));
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
