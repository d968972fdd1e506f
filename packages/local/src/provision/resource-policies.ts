import * as z from "zod";
import type { GraphIndex } from "../graph/index-graphs.ts";
import { GraphError } from "../graph/load.ts";
import { readPart } from "../graph/read-inputs.ts";
import { type GraphResource, statementSchema } from "../graph/schema.ts";
import { type ResourceStatement, type ServiceCaller, serviceMay } from "../services/iam/resource-policy.ts";

const keyType = "aws:kms/key:Key";

const policyShape = z.object({
  statements: z
    .array(statementSchema.extend({ principals: z.record(z.string(), z.array(z.string())) }))
    .default([]),
});

/**
 * The statements of a policy that lies on a resource.
 *
 * @throws GraphError for a statement that denies roles something: those are not asked for here
 */
export function readPolicy(resource: GraphResource): readonly ResourceStatement[] {
  return readPart(resource, "inputs", policyShape).statements.map(({ sid, conditions, ...statement }) => {
    const beyondServices = Object.keys(statement.principals).some((kind) => kind !== "Service");
    if (statement.effect === "Deny" && beyondServices && !isForPlainHttp(conditions)) {
      throw new GraphError(
        `${resource.name} in ${resource.region} cannot be run: its statement ${sid ?? ""} denies, which is run for services only`,
      );
    }
    return { ...statement, ...(conditions === undefined ? {} : { conditions }) };
  });
}

/** Nobody sends in plain text on AWS once this is said; here everything counts as encrypted. */
function isForPlainHttp(conditions: z.infer<typeof statementSchema>["conditions"]): boolean {
  return conditions?.["Bool"]?.["aws:SecureTransport"]?.every((value) => value === "false") === true;
}

/**
 * Refuses a service that would not get the key of an encrypted topic or queue: on AWS its messages would be lost, and
 * nobody told.
 */
export function requireKey(
  index: GraphIndex,
  resource: GraphResource,
  keyArn: string | undefined,
  caller: ServiceCaller,
): void {
  if (keyArn === undefined) return;
  const key = index.byArn(keyArn, resource);
  if (key.type !== keyType)
    throw new GraphError(`${resource.name} in ${resource.region}: ${keyArn} is no key`);
  const policy = readPolicy(key);
  for (const action of ["kms:GenerateDataKey", "kms:Decrypt"]) {
    if (serviceMay(policy, caller, { action, resource: keyArn })) continue;
    throw new GraphError(
      `${resource.name} in ${resource.region} cannot work: ${caller.service} may not ${action} with the key ${key.name}`,
    );
  }
}
