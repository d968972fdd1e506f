import type { JsonObject } from "../format.ts";
import { type Candidate, findResource } from "../lookups/find.ts";
import { lookupTokens } from "../lookups/tokens.ts";
import { hostedZoneId } from "./hosted-zone.ts";
import { policyDocument } from "./policy.ts";

export interface InvokeContext {
  readonly token: string;
  readonly inputs: JsonObject;
  readonly region: string;
  readonly account: string;
  /** The name of the hosted zone when a program only has its id. */
  readonly zoneName: string;
  /** Resources of this evaluation so far, and of the stages evaluated before it. */
  readonly known: () => readonly Candidate[];
}

type Answer = (context: InvokeContext) => JsonObject;

function arnParts({ inputs }: InvokeContext): JsonObject {
  const [, partition = "", service = "", region = "", account = "", ...resource] = String(
    inputs["arn"],
  ).split(":");
  return { id: String(inputs["arn"]), partition, service, region, account, resource: resource.join(":") };
}

function zone({ inputs, zoneName }: InvokeContext): JsonObject {
  const given = inputs["name"];
  const name = typeof given === "string" ? given.replace(/\.$/, "") : zoneName;
  const zoneId = typeof inputs["zoneId"] === "string" ? inputs["zoneId"] : hostedZoneId(name);
  return { id: zoneId, zoneId, name, arn: `arn:aws:route53:::hostedzone/${zoneId}` };
}

const answers: Readonly<Record<string, Answer>> = {
  "aws:iam/getPolicyDocument:getPolicyDocument": ({ inputs }) => policyDocument(inputs),
  "aws:index/getArn:getArn": arnParts,
  "aws:index/getAvailabilityZones:getAvailabilityZones": ({ region }) => ({
    id: region,
    names: ["a", "b", "c"].map((zoneLetter) => `${region}${zoneLetter}`),
    zoneIds: ["1", "2", "3"].map((number) => `${region}-az${number}`),
  }),
  "aws:index/getCallerIdentity:getCallerIdentity": ({ account }) => ({
    id: account,
    accountId: account,
    arn: `arn:aws:iam::${account}:user/deployer`,
    userId: "AIDADEPLOYER",
  }),
  "aws:index/getPartition:getPartition": () => ({
    id: "aws",
    partition: "aws",
    dnsSuffix: "amazonaws.com",
    reverseDnsPrefix: "com.amazonaws",
  }),
  "aws:index/getRegion:getRegion": ({ region }) => ({
    id: region,
    name: region,
    region,
    description: region,
  }),
  "aws:route53/getZone:getZone": zone,
};

function lookUp(context: InvokeContext): JsonObject {
  const lookup = lookupTokens[context.token];
  if (!lookup) {
    throw new Error(
      `unknown provider function ${context.token} with ${JSON.stringify(context.inputs)}: describe it in packages/infra-graph/src/model/invokes.ts`,
    );
  }
  const key = String(context.inputs[lookup.key]);
  const alias = key.startsWith("alias/") && lookup.type === "aws:kms/key:Key";
  const known = context.known();
  const find = (type: string, wanted: string): Candidate | undefined =>
    findResource(known, { type, key: wanted, region: context.region });
  const target = alias ? find("aws:kms/alias:Alias", key)?.state["targetKeyArn"] : key;
  const found = target === undefined ? undefined : find(lookup.type, String(target));
  if (!found) {
    throw new Error(
      `${context.token} finds no "${key}" in ${context.region}: neither this stage nor its environment's home stage creates it`,
    );
  }
  return {
    ...context.inputs,
    ...found.state,
    id: found.id,
    ...(found.arn !== undefined && { arn: found.arn }),
  };
}

/** What a provider function answers. Throws with a message for people when it is unknown or finds nothing. */
export function answerInvoke(context: InvokeContext): JsonObject {
  const answer = Object.hasOwn(answers, context.token) ? answers[context.token] : undefined;
  return answer ? answer(context) : lookUp(context);
}
