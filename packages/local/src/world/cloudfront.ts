import { createRandom } from "../links/random.ts";
import type { Scheduler } from "../links/scheduler.ts";
import type { WorldPlan } from "../provision/plan.ts";
import {
  type CloudFrontService,
  createCloudFrontService,
} from "../services/cloudfront/cloudfront-service.ts";

export interface WorldCloudFrontOptions {
  readonly plan: Pick<WorldPlan, "distributions" | "edgePolicies">;
  readonly seed: number;
  readonly scheduler: Scheduler;
}

/** CloudFront with the distributions that the infrastructure declares. */
export function createWorldCloudFront({ plan, seed, scheduler }: WorldCloudFrontOptions): CloudFrontService {
  const random = createRandom(`${seed} CloudFront`); // its own, so that a seed's links are the same with and without it
  const cloudfront = createCloudFrontService({ scheduler, random });
  cloudfront.provisionPolicies(plan.edgePolicies);
  for (const distribution of plan.distributions) cloudfront.distributions.provision(distribution);
  return cloudfront;
}
