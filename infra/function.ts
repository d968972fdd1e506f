/** What every function of the system has in common. */
import { accountId, stage, stageName } from "./stage.ts";

type Permissions = { actions: string[]; resources: $util.Input<string>[]; conditions?: Condition[] }[];
type Condition = { test: string; variable: string; values: $util.Input<string>[] };

export interface RegionalFunctionArgs {
  /** The source path and export, for example `packages/functions/src/api/handler.handler`. */
  handler: string;
  description: string;
  link: unknown[];
  /** The function's rights, beside its own log: links grant nothing. */
  permissions: Permissions;
  /** Files that the code reads: they lie beside the bundle. */
  copyFiles?: { from: string; to: string }[];
  /** Instances that no other function can take away, and no more than these; shared ones when it is left out. */
  reservedConcurrency?: number;
  timeout: `${number} seconds`;
  memory: `${number} MB`;
}

export function regionalFunction(name: string, args: RegionalFunctionArgs) {
  return new sst.aws.Function(name, {
    name: stageName(name),
    handler: args.handler,
    description: args.description,
    runtime: "nodejs24.x",
    architecture: "arm64",
    memory: args.memory,
    timeout: args.timeout,
    ...(args.reservedConcurrency === undefined
      ? {}
      : { concurrency: { reserved: args.reservedConcurrency } }),
    link: args.link,
    permissions: [
      ...args.permissions,
      {
        actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
        resources: [
          $interpolate`arn:aws:logs:${stage.region}:${accountId}:log-group:/aws/lambda/${stageName(name)}:*`,
        ],
      },
    ],
    nodejs: { format: "esm", minify: true },
    ...(args.copyFiles ? { copyFiles: args.copyFiles } : {}),
    logging: { format: "json", retention: "1 month" },
    environment: {
      POWERTOOLS_SERVICE_NAME: name,
      POWERTOOLS_METRICS_NAMESPACE: "Antipode",
    },
    transform: {
      role: (role) => {
        // AWS's managed policy would let each function write to every log and make new ones that nobody expires.
        role.managedPolicyArns = [];
        // The component lets the whole account assume the role, for live debugging. Deployed, only Lambda may.
        if (!$dev)
          role.assumeRolePolicy = aws.iam.assumeRolePolicyForPrincipal({ Service: "lambda.amazonaws.com" });
      },
    },
  });
}

/** Restricts a statement to items whose partition key begins so. IAM cannot pin sort keys; the items port does. */
export const leadingKeys = (...prefixes: string[]): Condition[] => [
  {
    test: "ForAllValues:StringLike",
    variable: "dynamodb:LeadingKeys",
    values: prefixes.map((prefix) => `${prefix}*`),
  },
];
