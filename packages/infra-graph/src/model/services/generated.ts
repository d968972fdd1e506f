import { secretMark } from "../../format.ts";
import { hostedZoneId } from "../hosted-zone.ts";
import type { ResourceModels } from "../model.ts";

/** Values that Pulumi's random provider makes up, and SST's helpers; a deployment's machinery, listed by name. */
export const generatedModels: ResourceModels = {
  "random:index/randomBytes:RandomBytes": {
    outputs: (context) => {
      const hex = context.digest(64);
      return { id: hex.slice(0, 16), hex, base64: Buffer.from(hex, "hex").toString("base64") };
    },
  },
  "random:index/randomPassword:RandomPassword": {
    outputs: () => ({ id: "none", result: secretMark, bcryptHash: secretMark }),
  },
  "random:index/randomId:RandomId": {
    outputs: (context) => {
      const hex = context.digest(16);
      const bytes = Buffer.from(hex, "hex");
      return {
        id: bytes.toString("base64url"),
        hex,
        b64Std: bytes.toString("base64"),
        b64Url: bytes.toString("base64url"),
        dec: BigInt(`0x${hex}`).toString(),
      };
    },
  },
};

/** SST's own dynamic providers, by the suffix of their logical names: they all have one Pulumi type. */
export const dynamicModels: ResourceModels = {
  // A hosted zone is registered with a domain, before and outside of any stage: its id follows from the domain.
  ".sst.aws.HostedZoneLookup": {
    lookup: true,
    outputs: (context) => {
      const zoneId = hostedZoneId(context.given("domain") ?? "");
      return { id: zoneId, zoneId };
    },
  },
  ".sst.aws.DistributionDeploymentWaiter": { outputs: (context) => ({ id: context.name, isDone: true }) },
  ".sst.aws.DistributionInvalidation": { outputs: (context) => ({ id: context.name }) },
};
