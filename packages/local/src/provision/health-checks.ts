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

/** Every stage's checks, children before those that add them up. */
export function planHealthChecks(index: GraphIndex): PlannedHealthCheck[] {
  const resources = index.all(healthCheckType);
  const all = resources.map((resource) => ({ resource, planned: planHealthCheck(resource) }));
  for (const { resource, planned } of all) {
    const missing = childrenOf(planned).find((id) => !all.some((other) => other.planned.id === id));
    if (missing !== undefined) throw dangling(resource, `health check ${missing}`);
  }
  const ordered: PlannedHealthCheck[] = [];
  let waiting = all;
  while (waiting.length > 0) {
    const isReady = ({ planned }: (typeof all)[number]) =>
      childrenOf(planned).every((id) => ordered.some((earlier) => earlier.id === id));
    const ready = waiting.filter(isReady);
    const [first] = waiting;
    if (ready.length === 0 && first !== undefined)
      throw new GraphError(`${first.resource.name} in ${first.resource.region} would be its own child`);
    ordered.push(...ready.map(({ planned }) => planned));
    waiting = waiting.filter((one) => !ready.includes(one));
  }
  return ordered;
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
