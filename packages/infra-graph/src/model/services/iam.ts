import type { ModelContext, ResourceModels } from "../model.ts";

const iamArn = (context: ModelContext, resource: string): string =>
  context.arn("iam", resource, { region: "" });

/** Last part of a role's or policy's ARN, or the name itself. */
const lastPart = (id: string): string => id.split("/").at(-1) ?? id;

export const iamModels: ResourceModels = {
  "aws:iam/role:Role": {
    global: true,
    outputs: (context) => {
      const name = context.auto("name");
      return {
        id: name,
        name,
        arn: iamArn(context, `role/${name}`),
        uniqueId: `AROA${context.digest(17).toUpperCase()}`,
      };
    },
    inputs: ["name", "path", "managedPolicyArns", "permissionsBoundary", "maxSessionDuration"],
    policies: { assumeRolePolicy: "trust", inlinePolicies: "statements" },
    read: (id) => ({ name: lastPart(id) }),
  },
  "aws:iam/policy:Policy": {
    global: true,
    outputs: (context) => {
      const name = context.auto("name");
      const arn = iamArn(context, `policy/${name}`);
      return { id: arn, name, arn };
    },
    inputs: ["name", "path"],
    policies: { policy: "statements" },
  },
  "aws:iam/rolePolicy:RolePolicy": {
    global: true,
    outputs: (context) => ({
      id: `${context.given("role") ?? ""}:${context.auto("name")}`,
      name: context.auto("name"),
    }),
    inputs: ["name", "role"],
    policies: { policy: "statements" },
  },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
    global: true,
    outputs: (context) => ({
      id: `${context.given("role") ?? ""}-${lastPart(context.given("policyArn") ?? "")}`,
    }),
    inputs: ["role", "policyArn"],
  },
};
