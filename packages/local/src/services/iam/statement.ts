/** A policy's conditions as AWS writes them: operator → condition key → values, for example `{ StringLike: { "s3:prefix": ["a/*"] } }`. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** One statement of a role's policies, as the trimmed graph holds it. */
export interface Statement {
  readonly effect: "Allow" | "Deny";
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Conditions;
}

/** Who signed a request, and what that caller may do. */
export interface Principal {
  /** As `sts:GetCallerIdentity` would say it: `arn:aws:sts::111122223333:assumed-role/<role>/<session>`. */
  readonly arn: string;
  readonly statements: readonly Statement[];
}

/** A person or a test at the local world's own command line: may do everything. */
export function operatorPrincipal(account: string): Principal {
  return {
    arn: `arn:aws:iam::${account}:user/operator`,
    statements: [{ effect: "Allow", actions: ["*"], resources: ["*"] }],
  };
}

/** The identity that a function with this role acts as. The session is named after the function, as Lambda does. */
export function functionPrincipal(
  roleArn: string,
  functionName: string,
  statements: readonly Statement[],
): Principal {
  const account = roleArn.split(":")[4] ?? "";
  const role = roleArn.slice(roleArn.lastIndexOf("/") + 1);
  return { arn: `arn:aws:sts::${account}:assumed-role/${role}/${functionName}`, statements };
}
