import type { AuthorizationNeed } from "../service.ts";
import type { UnsupportedCondition } from "./condition.ts";
import { conditionsHold } from "./condition.ts";
import { fitsAction, fitsArn } from "./match.ts";
import type { Principal, Statement } from "./statement.ts";

/** What a set of statements says of one need. */
export type Decision =
  | { readonly type: "allowed" }
  /** No statement allows it. */
  | { readonly type: "implicit-deny" }
  | { readonly type: "explicit-deny"; readonly statement: Statement }
  /** A statement that concerns the need could not be evaluated, so the answer is no. */
  | { readonly type: "not-evaluated"; readonly statement: Statement; readonly error: UnsupportedCondition };

/** AWS's order: an explicit deny wins over any allow, and what nobody allows is denied. */
export function decide(statements: readonly Statement[], need: AuthorizationNeed): Decision {
  let decision: Decision = { type: "implicit-deny" };
  for (const statement of statements) {
    if (!concerns(statement, need)) continue;
    const variable = statement.resources.find((resource) => resource.includes("${"));
    const holds =
      variable === undefined
        ? conditionsHold(statement.conditions ?? {}, need.context ?? {})
        : ({ type: "unsupported-variable", value: variable } as const);
    if (typeof holds !== "boolean") return { type: "not-evaluated", statement, error: holds };
    if (!holds) continue;
    if (statement.effect === "Deny") return { type: "explicit-deny", statement };
    decision = { type: "allowed" };
  }
  return decision;
}

function concerns(statement: Statement, need: AuthorizationNeed): boolean {
  return (
    statement.actions.some((action) => fitsAction(action, need.action)) &&
    statement.resources.some((resource) => resource.includes("${") || fitsArn(resource, need.resource))
  );
}

/** One need that a principal does not have, in the words AWS uses for it. */
export interface Denial {
  readonly principal: string;
  readonly need: AuthorizationNeed;
  readonly decision: Exclude<Decision, { type: "allowed" }>;
  readonly message: string;
}

/** The first need that the principal's statements do not allow; nothing when all are. */
export function firstDenial(principal: Principal, needs: readonly AuthorizationNeed[]): Denial | undefined {
  for (const need of needs) {
    const decision = decide(principal.statements, need);
    if (decision.type === "allowed") continue;
    const message = `User: ${principal.arn} is not authorized to perform: ${need.action} on resource: ${need.resource} ${because(decision, need)}`;
    return { principal: principal.arn, need, decision, message };
  }
  return undefined;
}

function because(decision: Denial["decision"], need: AuthorizationNeed): string {
  switch (decision.type) {
    case "implicit-deny":
      return `because no identity-based policy allows the ${need.action} action`;
    case "explicit-deny":
      return "with an explicit deny in an identity-based policy";
    case "not-evaluated":
      return decision.error.type === "unsupported-operator"
        ? `because the local world does not know the condition operator ${decision.error.operator}`
        : `because the local world does not know the policy variable in ${decision.error.value}`;
  }
}
