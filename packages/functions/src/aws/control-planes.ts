import { CloudFrontClient } from "@aws-sdk/client-cloudfront";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { Route53Client } from "@aws-sdk/client-route-53";
import { SNSClient } from "@aws-sdk/client-sns";
import * as z from "zod";
import type { Announce, ControlPlanes } from "../failover/ports.ts";
import type { Delay } from "../platform/clock.ts";
import type { Deployment, Links } from "../platform/deployment.ts";
import type { TellFunctions } from "../prober/tell-functions.ts";
import { createAnnounce, createTellFunctions } from "./announce.ts";
import { createEdgeControl } from "./edge-control.ts";
import { createNamesControl } from "./names-control.ts";

/** The control planes of both are in this region alone: where it is lost, nobody can change names or the CDN. */
const controlPlaneRegion = "us-east-1";

const limits = (requestTimeout: number) => ({
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1_000, requestTimeout, throwOnRequestTimeout: true },
});

/** Own region, and a control plane far away that takes its time. */
const near = limits(2_000);
const far = limits(8_000);

function linked<Shape extends z.ZodType>(links: Links, resource: string, shape: Shape): z.infer<Shape> {
  const member: unknown = Reflect.get(links, resource);
  return shape.parse(member);
}

const arn = z.string().startsWith("arn:");

export function linkedAnnounce(links: Links, { region }: Pick<Deployment, "region">): Announce {
  const { topicArn } = linked(links, "People", z.object({ topicArn: arn }));
  return createAnnounce({
    sns: new SNSClient({ region, ...near }),
    events: new EventBridgeClient({ region, ...near }),
    topicArn,
  });
}

/** None where the environment has no names. */
export function linkedPlanes(
  links: Links,
  { domain }: Pick<Deployment, "domain">,
  delay: Delay,
): ControlPlanes {
  const { zoneId } = linked(links, "Zone", z.object({ zoneId: z.string() }));
  if (domain === "" || zoneId === "") {
    return {};
  }
  const options = { region: controlPlaneRegion, ...far };
  return {
    names: createNamesControl({ client: new Route53Client(options), zoneId, domain, delay }),
    edge: createEdgeControl(new CloudFrontClient(options), domain),
  };
}

export function linkedTellFunctions(links: Links, { region }: Pick<Deployment, "region">): TellFunctions {
  const { failover, recovery } = linked(links, "DrainNews", z.object({ failover: arn, recovery: arn }));
  return createTellFunctions({
    // one attempt: the next round is ten seconds away
    sns: new SNSClient({ region, ...near, maxAttempts: 1 }),
    topicArns: { failover, recovery },
  });
}
