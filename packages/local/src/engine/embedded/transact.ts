import { AwsError } from "../../services/service.ts";
import type { JsonObject, Written } from "../engine.ts";
import { itemSize } from "../value.ts";
import { type CapacityMode, createMeter, readUnits } from "./capacity.ts";
import { checkedRequest, checkKey, checkPaths, invalid } from "./check.ts";
import { project } from "./path.ts";
import type { KeyedRequest, PutRequest } from "./request.ts";
import {
  apply,
  imagesOf,
  itemTooLarge,
  type Plan,
  planKeyed,
  planPut,
  type TableLookup,
  type WriteKind,
} from "./write.ts";

/** DynamoDB's limits for one transaction. */
export const transactionActionsMax = 100;
const transactionBytesMax = 4 * 1024 * 1024;

const kinds: Readonly<Record<string, WriteKind>> = {
  Put: "PutItem",
  Update: "UpdateItem",
  Delete: "DeleteItem",
  ConditionCheck: "ConditionCheck",
};

interface Action {
  readonly kind: WriteKind;
  readonly request: KeyedRequest | PutRequest;
}

type Reason = JsonObject & { readonly Code: string };

function listOf(request: JsonObject): readonly JsonObject[] {
  const list = request["TransactItems"];
  if (!Array.isArray(list) || list.length === 0) {
    throw invalid(
      `1 validation error detected: Value '${Array.isArray(list) ? "[]" : "null"}' at 'transactItems' failed to satisfy constraint: ` +
        (Array.isArray(list)
          ? "Member must have length greater than or equal to 1"
          : "Member must not be null"),
    );
  }
  if (list.length > transactionActionsMax) {
    throw invalid(
      "1 validation error detected: Value at 'transactItems' failed to satisfy constraint: " +
        `Member must have length less than or equal to ${transactionActionsMax}`,
    );
  }
  return list as readonly JsonObject[];
}

function onlyMember(item: JsonObject, known: readonly string[]): [string, JsonObject] {
  const members = Object.entries(item).filter(
    ([name, value]) => known.includes(name) && value !== undefined && value !== null,
  );
  const [first] = members;
  if (first === undefined || members.length > 1) {
    throw invalid("TransactItems can only contain one of Check, Put, Update or Delete");
  }
  return [first[0], first[1] as JsonObject];
}

function actionOf(item: JsonObject): Action {
  const [member, request] = onlyMember(item, Object.keys(kinds));
  const kind = kinds[member];
  if (kind === undefined) throw new Error(`no such action: ${member}`);
  if (kind !== "ConditionCheck")
    return { kind, request: checkedRequest(kind, request) as KeyedRequest | PutRequest };
  if (typeof request["ConditionExpression"] !== "string") {
    throw invalid(
      "1 validation error detected: Value null at 'transactItems.1.member.conditionCheck.conditionExpression' failed to satisfy constraint: Member must not be null",
    );
  }
  return { kind, request: checkedRequest("DeleteItem", request) };
}

function identityOf(plan: Plan): string {
  return JSON.stringify([plan.table.schema.name, Object.entries(plan.key).sort()]);
}

function refuseRepeated(identities: readonly string[]): void {
  if (new Set(identities).size < identities.length) {
    throw invalid("Transaction request cannot include multiple operations on one item");
  }
}

function canceled(reasons: readonly Reason[]): AwsError {
  return new AwsError(
    "TransactionCanceledException",
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${reasons.map((reason) => reason.Code).join(", ")}]`,
    400,
    { CancellationReasons: reasons },
  );
}

function reasonOf(plan: Plan, request: KeyedRequest | PutRequest): Reason {
  if (plan.allowed) return { Code: "None" };
  const withItem = request.ReturnValuesOnConditionCheckFailure === "ALL_OLD" && plan.before !== undefined;
  return {
    Code: "ConditionalCheckFailed",
    Message: "The conditional request failed",
    ...(withItem ? { Item: plan.before } : {}),
  };
}

function plan(lookup: TableLookup, { kind, request }: Action): Plan {
  const table = lookup(request.TableName);
  return "Item" in request
    ? planPut(table, request)
    : planKeyed(kind as Exclude<WriteKind, "PutItem">, table, request);
}

/** What became of one action: planned, or refused for a reason of its own that cancels the transaction. */
type Attempt = { readonly plan: Plan } | { readonly reason: Reason };

/** Errors that only show when an action meets its table: reported as that action's reason, as DynamoDB does. */
function attempt(lookup: TableLookup, action: Action): Attempt {
  try {
    return { plan: plan(lookup, action) };
  } catch (error) {
    if (
      !(error instanceof AwsError) ||
      error.code !== "ValidationException" ||
      error.message === itemTooLarge
    )
      throw error;
    return { reason: { Code: "ValidationError", Message: error.message } };
  }
}

/** TransactWriteItems: all of it or nothing. Throws TransactionCanceledException with one reason per action, in order. */
export function transactWrite(lookup: TableLookup, request: JsonObject): Written {
  const actions = listOf(request).map(actionOf);
  const attempts = actions.map((action) => attempt(lookup, action));
  refuseRepeated(attempts.flatMap((one) => ("plan" in one ? [identityOf(one.plan)] : [])));
  const reasons = attempts.map((one, index) => {
    const action = actions[index];
    if (action === undefined) throw new Error("an attempt without its action");
    return "plan" in one ? reasonOf(one.plan, action.request) : one.reason;
  });
  if (reasons.some((reason) => reason.Code !== "None")) throw canceled(reasons);
  const plans = attempts.flatMap((one) => ("plan" in one ? [one.plan] : []));
  const bytes = plans.reduce((total, { after }) => total + (after === undefined ? 0 : itemSize(after)), 0);
  if (bytes > transactionBytesMax)
    throw invalid(`Transaction payload size cannot exceed 4MB. Payload Size: ${bytes}`);
  const meter = createMeter();
  for (const one of plans) meter.add(one.table.schema.name, apply(one, 2));
  return {
    answer: meter.report(request["ReturnConsumedCapacity"] as CapacityMode, "write"),
    images: plans.filter((one) => !one.checkOnly).map(imagesOf),
  };
}

/** TransactGetItems: up to 100 items as they are at one instant. */
export function transactGet(lookup: TableLookup, request: JsonObject): JsonObject {
  const gets = listOf(request).map((item) => {
    const [, get] = onlyMember(item, ["Get"]);
    return checkedRequest("GetItem", get);
  });
  const meter = createMeter();
  const identities: string[] = [];
  const responses = gets.map((get) => {
    const table = lookup(get.TableName);
    checkKey(table, get.Key);
    checkPaths(table, get._projection);
    identities.push(JSON.stringify([get.TableName, Object.entries(get.Key).sort()]));
    const item = table.get(get.Key);
    meter.add(get.TableName, {
      table: 2 * readUnits(item === undefined ? 0 : itemSize(item), true),
      indexes: {},
    });
    if (item === undefined) return {};
    return { Item: get._projection === undefined ? item : project(item, get._projection.paths) };
  });
  refuseRepeated(identities);
  return { ...meter.report(request["ReturnConsumedCapacity"] as CapacityMode, "read"), Responses: responses };
}
