import { type ModelContext, type ProviderOutputs, type ResourceModels, uuidOf } from "../model.ts";

function keyOutputs(context: ModelContext): ProviderOutputs {
  const id =
    context.given("keyId") ??
    (context.inputs["multiRegion"] === true ? `mrk-${context.digest(32)}` : uuidOf(context));
  return { id, keyId: id, arn: context.arn("kms", `key/${id}`) };
}

function aliasOutputs(context: ModelContext): ProviderOutputs {
  const name = context.auto("name");
  const target = context.given("targetKeyId") ?? "";
  const isArn = target.startsWith("arn:");
  return {
    id: name,
    name,
    arn: context.arn("kms", name),
    targetKeyArn: isArn ? target : context.arn("kms", `key/${target}`),
    targetKeyId: isArn ? (target.split("/").at(-1) ?? target) : target,
  };
}

export const kmsModels: ResourceModels = {
  "aws:kms/key:Key": {
    outputs: keyOutputs,
    inputs: [
      "description",
      "enableKeyRotation",
      "deletionWindowInDays",
      "multiRegion",
      "keyUsage",
      "isEnabled",
      "tags",
    ],
    policies: { policy: "statements" },
    read: (id) => ({ keyId: id.split("/").at(-1) ?? id }),
  },
  "aws:kms/replicaKey:ReplicaKey": {
    outputs: (context) => {
      const id = context.given("primaryKeyArn")?.split("/").at(-1) ?? uuidOf(context);
      return { id, keyId: id, arn: context.arn("kms", `key/${id}`) };
    },
    inputs: ["description", "primaryKeyArn", "deletionWindowInDays", "enabled"],
    policies: { policy: "statements" },
  },
  "aws:kms/alias:Alias": {
    outputs: aliasOutputs,
    inputs: ["name"],
    wiring: ["targetKeyArn", "targetKeyId"],
  },
};
