import { CloudFrontClient } from "@aws-sdk/client-cloudfront";
import { createRandom } from "../../../links/random.ts";
import { createVirtualTime, type VirtualTime } from "../../../testing-time/virtual-time.ts";
import { createFront } from "../../front/front.ts";
import { operatorPrincipal, type Statement } from "../../iam/statement.ts";
import { account } from "../../service.ts";
import { type CloudFrontService, createCloudFrontService } from "../cloudfront-service.ts";
import { policies, shopConfig } from "./distribution.ts";

export const shopId = "E2SHOP0000001";

export interface CloudFrontBench {
  readonly time: VirtualTime;
  readonly cloudfront: CloudFrontService;
  readonly client: CloudFrontClient;
  readonly url: string;
  /** What the caller may do; everything when left out. */
  statements: readonly Statement[] | undefined;
  readonly bugs: readonly unknown[];
  close(): Promise<void>;
}

/** One distribution of a shop, behind a front, asked by the unmodified client. */
export async function startCloudFrontBench(): Promise<CloudFrontBench> {
  const time = createVirtualTime();
  const bugs: unknown[] = [];
  const cloudfront = createCloudFrontService({ scheduler: time, random: createRandom(1) });
  cloudfront.provisionPolicies(policies);
  const domainName = "d111111abcdef8.cloudfront.net";
  const tags = { "antipode:environment": "prod" };
  cloudfront.distributions.provision({ id: shopId, domainName, tags, config: shopConfig });
  const front = await createFront({
    region: "us-east-1",
    services: [cloudfront],
    principals: () => {
      const operator = operatorPrincipal(account);
      return bench.statements === undefined ? operator : { ...operator, statements: bench.statements };
    },
    links: { cross: async () => {} },
    onBug: (error) => bugs.push(error),
  });
  const client = new CloudFrontClient({
    region: "us-east-1",
    endpoint: front.url,
    credentials: { accessKeyId: "A", secretAccessKey: "s" },
    maxAttempts: 1,
  });
  const bench: CloudFrontBench = {
    time,
    cloudfront,
    client,
    url: front.url,
    statements: undefined,
    bugs,
    async close() {
      client.destroy();
      await front.close();
    },
  };
  return bench;
}
