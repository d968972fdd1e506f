import * as z from "zod";
import type { GraphIndex } from "../graph/index-graphs.ts";
import { GraphError } from "../graph/load.ts";
import { readPart } from "../graph/read-inputs.ts";
import { type GraphResource, statementSchema } from "../graph/schema.ts";
import { decide } from "../services/iam/evaluate.ts";
import { type ServiceCaller, serviceMay } from "../services/iam/resource-policy.ts";
import type { AuthorizationNeed } from "../services/service.ts";

const roleShape = z.object({
  trust: z
    .array(statementSchema.extend({ principals: z.record(z.string(), z.array(z.string())) }))
    .default([]),
  statements: z.array(statementSchema).default([]),
});

/**
 * A role that a service takes on, to do one thing.
 *
 * @throws GraphError when it does not trust the service, or may not do that
 */
export function requireRole(
  index: GraphIndex,
  resource: GraphResource,
  roleArn: string,
  caller: ServiceCaller,
  need: AuthorizationNeed,
): void {
  const role = index.byArn(roleArn, resource);
  const { trust, statements } = readPart(role, "inputs", roleShape);
  const where = `${resource.name} in ${resource.region} cannot work`;
  // A role trusts for itself: its statements name no resource.
  const trusted = trust.map(({ conditions, ...one }) => ({
    ...one,
    resources: ["*"],
    ...(conditions === undefined ? {} : { conditions }),
  }));
  if (!serviceMay(trusted, caller, { action: "sts:AssumeRole", resource: roleArn }))
    throw new GraphError(`${where}: ${role.name} does not trust ${caller.service} for ${caller.sourceArn}`);
  const own = statements.map(({ conditions, ...one }) => ({
    ...one,
    ...(conditions === undefined ? {} : { conditions }),
  }));
  if (decide(own, need).type !== "allowed")
    throw new GraphError(`${where}: ${role.name} may not ${need.action} on ${need.resource}`);
}
