import type { AuthorizationNeed } from "../service.ts";
import { decide } from "./evaluate.ts";
import type { Statement } from "./statement.ts";

/** One statement of a policy that lies on a resource: a topic, a queue, a key. */
export interface ResourceStatement extends Statement {
  /** By kind, `Service` or `AWS`; `*` among them is anyone. */
  readonly principals: Readonly<Record<string, readonly string[]>>;
}

/** An AWS service that acts on behalf of one of its resources. */
export interface ServiceCaller {
  /** for example `cloudwatch.amazonaws.com` */
  readonly service: string;
  /** The alarm, topic or rule that it acts for. */
  readonly sourceArn: string;
}

/**
 * Whether a resource's own policy lets a service do something. A service has no policy of its own, so that what no
 * statement allows is denied; roles of the same account need no resource policy, and are not asked for here.
 */
export function serviceMay(
  policy: readonly ResourceStatement[],
  { service, sourceArn }: ServiceCaller,
  need: AuthorizationNeed,
): boolean {
  const concerning = policy.filter(({ principals }) => namesService(principals, service));
  const context = {
    ...need.context,
    "aws:SourceArn": [sourceArn],
    "aws:SourceAccount": [sourceArn.split(":")[4] ?? ""],
    "aws:SecureTransport": ["true"],
    "aws:PrincipalIsAWSService": ["true"],
  };
  return decide(concerning, { ...need, context }).type === "allowed";
}

function namesService(principals: ResourceStatement["principals"], service: string): boolean {
  return Object.entries(principals).some(
    ([kind, names]) => names.includes("*") || (kind === "Service" && names.includes(service)),
  );
}
