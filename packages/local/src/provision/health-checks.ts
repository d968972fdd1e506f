import * as z from "zod";
import { dangling, type GraphIndex } from "../graph/index-graphs.ts";
import { GraphError } from "../graph/load.ts";
import { readPart } from "../graph/read-inputs.ts";
import type { GraphResource } from "../graph/schema.ts";
import type { HealthCheck } from "../services/route53/health-check.ts";
import type { HealthCheckId } from "../services/route53/record-set.ts";

export const healthCheckType = "aws:route53/healthCheck:HealthCheck";

export interface PlannedHealthCheck {
  readonly id: HealthCheckId;
  /** As in `infra/`: `Open-eu-west-1`. */
  readonly name: string;
  readonly check: HealthCheck;
}

const flags = {
  invertHealthcheck: z.boolean().default(false),
  disabled: z.boolean().default(false),
  tags: z.record(z.string(), z.string()).optional(),
};

/** Strict, since a setting that was overlooked would be a check of something else. */
const endpointInputs = z.strictObject({
  type: z.enum(["HTTP", "HTTPS"], "only HTTP, HTTPS and CALCULATED checks are run"),
  fqdn: z.string(),
  port: z.number(),
  resourcePath: z.string(),
  failureThreshold: z.number(),
  requestInterval: z.literal([10, 30]),
  enableSni: z.literal(true, "checks without SNI are not run").optional(),
  ...flags,
});

const calculatedInputs = z.strictObject({
  type: z.literal("CALCULATED"),
  childHealthchecks: z.array(z.string()).min(1),
  childHealthThreshold: z.number(),
  ...flags,
});

/** Every stage's checks, those that add up others last. A calculated check cannot monitor another one, as in Route 53. */
export function planHealthChecks(index: GraphIndex): PlannedHealthCheck[] {
  const all = index
    .all(healthCheckType)
    .map((resource) => ({ resource, planned: planHealthCheck(resource) }));
  for (const { resource, planned } of all) {
    for (const id of childrenOf(planned)) {
      const child = all.find((other) => other.planned.id === id)?.planned;
      if (child === undefined) throw dangling(resource, `health check ${id}`);
      if (child.check.type === "CALCULATED") {
        const { name, region } = resource;
        throw new GraphError(`${name} in ${region} monitors ${child.name}, which is a calculated check too`);
      }
    }
  }
  const planned = all.map((one) => one.planned);
  const isSum = ({ check }: PlannedHealthCheck) => check.type === "CALCULATED";
  return [...planned.filter((one) => !isSum(one)), ...planned.filter(isSum)];
}

function childrenOf({ check }: PlannedHealthCheck): readonly HealthCheckId[] {
  return check.type === "CALCULATED" ? check.children : [];
}

function planHealthCheck(resource: GraphResource): PlannedHealthCheck {
  return { id: (resource.id ?? "") as HealthCheckId, name: resource.name, check: readCheck(resource) };
}

function readCheck(resource: GraphResource): HealthCheck {
  if (resource.inputs["type"] === "CALCULATED") {
    const { type, ...inputs } = readPart(resource, "inputs", calculatedInputs);
    return {
      type,
      children: inputs.childHealthchecks.map((id) => id as HealthCheckId),
      healthThreshold: inputs.childHealthThreshold,
      inverted: inputs.invertHealthcheck,
      disabled: inputs.disabled,
    };
  }
  const { type, port, failureThreshold, ...inputs } = readPart(resource, "inputs", endpointInputs);
  return {
    type,
    host: inputs.fqdn,
    port,
    path: inputs.resourcePath,
    failureThreshold,
    requestIntervalSeconds: inputs.requestInterval,
    inverted: inputs.invertHealthcheck,
    disabled: inputs.disabled,
  };
}
