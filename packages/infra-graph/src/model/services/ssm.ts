import { namedOutputs, type ResourceModels } from "../model.ts";

const parameterOutputs = namedOutputs("ssm", (name) => `parameter${name.startsWith("/") ? "" : "/"}${name}`);

/** Parameter Store and Secrets Manager. */
export const ssmModels: ResourceModels = {
  "aws:ssm/parameter:Parameter": {
    outputs: (context) => {
      const insecure = context.given("insecureValue");
      return { ...parameterOutputs(context), ...(insecure !== undefined && { value: insecure }) };
    },
    inputs: ["name", "type", "value", "description", "tier"],
    publicInputs: (inputs) => (inputs["type"] === "SecureString" ? [] : ["value"]),
  },
  "aws:secretsmanager/secret:Secret": {
    outputs: namedOutputs("secretsmanager", (name) => `secret:${name}`, { id: "arn" }),
    inputs: ["name", "description", "kmsKeyId", "recoveryWindowInDays"],
  },
  "aws:secretsmanager/secretVersion:SecretVersion": {
    outputs: (context) => ({
      id: `${context.given("secretId") ?? ""}|1`,
      arn: context.given("secretId") ?? "",
    }),
  },
};
