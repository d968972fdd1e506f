import type { GraphStatement, Json, JsonObject } from "../format.ts";
import { isJsonObject } from "../monitor/plain.ts";

function list(value: Json | undefined): string[] {
  if (value === undefined || value === null) {
    return [];
  }
  return Array.isArray(value) ? value.map(String) : [String(value)];
}

function objects(value: Json | undefined): JsonObject[] {
  const values: readonly (Json | undefined)[] = Array.isArray(value) ? value : [value];
  return values.filter(isJsonObject);
}

function principalsOf(value: Json | undefined): Record<string, string[]> | undefined {
  if (value === undefined || value === null) {
    return undefined;
  }
  return isJsonObject(value)
    ? Object.fromEntries(Object.entries(value).map(([kind, ids]) => [kind, list(ids)]))
    : { "*": list(value) };
}

function conditionsOf(value: Json | undefined): GraphStatement["conditions"] | undefined {
  if (!isJsonObject(value)) {
    return undefined;
  }
  const operators = Object.entries(value).map(([operator, keys]) => {
    const tests = isJsonObject(keys) ? Object.entries(keys).map(([key, values]) => [key, list(values)]) : [];
    return [operator, Object.fromEntries(tests)];
  });
  return Object.fromEntries(operators);
}

function statementOf(raw: JsonObject): GraphStatement {
  const sid = raw["Sid"];
  const principals = principalsOf(raw["Principal"]);
  const conditions = conditionsOf(raw["Condition"]);
  return {
    ...(typeof sid === "string" && sid !== "" && { sid }),
    effect: raw["Effect"] === "Deny" ? "Deny" : "Allow",
    ...(principals && { principals }),
    actions: list(raw["Action"]),
    ...(raw["NotAction"] !== undefined && { notActions: list(raw["NotAction"]) }),
    resources: list(raw["Resource"]),
    ...(raw["NotResource"] !== undefined && { notResources: list(raw["NotResource"]) }),
    ...(conditions && { conditions }),
  };
}

/**
 * The statements of a policy in any form that inputs have: JSON text, the object, or a role's list of
 * `{ name, policy }`. Throws when the text is not JSON.
 */
export function statementsOf(policy: Json | undefined): GraphStatement[] {
  if (typeof policy === "string") {
    return policy.trim() === "" ? [] : statementsOf(JSON.parse(policy) as Json);
  }
  return objects(policy).flatMap((part) =>
    "policy" in part ? statementsOf(part["policy"]) : objects(part["Statement"]).map(statementOf),
  );
}

const single = (values: Json | undefined): Json | undefined =>
  Array.isArray(values) && values.length === 1 ? (values[0] as Json) : values;

function principalJson(principals: readonly JsonObject[]): Json {
  if (principals.some((principal) => principal["type"] === "*")) {
    return "*";
  }
  const identifiers = new Map<string, string[]>();
  for (const principal of principals) {
    const kind = String(principal["type"]);
    identifiers.set(kind, [...(identifiers.get(kind) ?? []), ...list(principal["identifiers"])]);
  }
  return Object.fromEntries([...identifiers].map(([kind, ids]) => [kind, single(ids) ?? []]));
}

function conditionJson(conditions: readonly JsonObject[]): Json {
  const operators: Record<string, Record<string, Json>> = {};
  for (const condition of conditions) {
    const operator = String(condition["test"]);
    operators[operator] = {
      ...operators[operator],
      [String(condition["variable"])]: single(condition["values"]) ?? [],
    };
  }
  return operators;
}

function documentStatement(statement: JsonObject): JsonObject {
  const parts: Record<string, Json | undefined> = {
    Sid: statement["sid"],
    Effect: statement["effect"] ?? "Allow",
    Principal: statement["principals"] && principalJson(objects(statement["principals"])),
    Action: single(statement["actions"]),
    NotAction: single(statement["notActions"]),
    Resource: single(statement["resources"]),
    NotResource: single(statement["notResources"]),
    Condition: statement["conditions"] && conditionJson(objects(statement["conditions"])),
  };
  return Object.fromEntries(
    Object.entries(parts).filter(
      (entry): entry is [string, Json] => entry[1] !== undefined && entry[1] !== null,
    ),
  );
}

/** What `aws.iam.getPolicyDocument` answers: the arguments as the JSON text that IAM takes. */
export function policyDocument(args: JsonObject): JsonObject {
  const statements = objects(args["statements"]);
  const json = JSON.stringify({ Version: "2012-10-17", Statement: statements.map(documentStatement) });
  // SST asks whether there are statements by the presence of the list.
  return { id: "policy", json, minifiedJson: json, ...(statements.length > 0 && { statements }) };
}
