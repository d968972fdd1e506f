import type { WorldPlan } from "../provision/plan.ts";
import type { Topics } from "../services/sns/topics.ts";
import { shortName } from "./invoke.ts";
import type { PublishedMessage } from "./status.ts";

/** What people would have been told: the latest messages of topics that nothing else listens to, oldest first. */
export function describeMessages(
  plan: Pick<WorldPlan, "app" | "environment">,
  topics: Pick<Topics, "list" | "kept">,
): readonly PublishedMessage[] {
  return topics
    .list()
    .filter(({ subscriptions }) => subscriptions === 0)
    .flatMap(({ topic }) =>
      topics.kept(topic.arn).map(({ atMs, subject, message }) => ({
        region: topic.region,
        topic: shortName(plan, topic.region, topic.name),
        at: new Date(atMs).toISOString(),
        ...(subject === undefined ? {} : { subject }),
        message,
      })),
    )
    .toSorted((left, right) => (left.at < right.at ? -1 : left.at > right.at ? 1 : 0));
}
