import {
  err,
  type FieldEdit,
  type FieldName,
  isFieldName,
  isPlainField,
  type OperationId,
  ok,
  type ProductView,
  type Result,
} from "@antipode/core";
import type * as z from "zod";
import { schemaErrors } from "../../body.ts";
import type { ApiDeps } from "../../deps.ts";
import type { Exchange, Outcome } from "../../exchange.ts";
import type { Problem } from "../../problems.ts";
import { editKnownProduct } from "./edit.ts";
import { conflictToBody } from "./product-answer.ts";
import { amountSchema, fieldSchemas, type settlementSchema } from "./schemas.ts";

const conflictNotFound: Problem = {
  name: "conflict-not-found",
  detail: "Nothing is in conflict there: somebody has settled it, or this region has not seen it.",
};

/** `price#LAMP#EUR@eu-west-1#1:3;us-east-1#1:2`: the field stands before the edits. */
function conflictField(conflictId: string): FieldName | undefined {
  const [field = ""] = conflictId.split("@");
  return isFieldName(field) ? field : undefined;
}

function readChange(field: FieldName, value: unknown): Result<FieldEdit, Problem> {
  const schema = isPlainField(field) ? fieldSchemas[field] : amountSchema;
  const parsed = schema.safeParse(value);
  if (parsed.success) {
    return ok({ field, value: parsed.data });
  }
  const errors = schemaErrors(parsed.error).map(({ pointer, detail }) => ({
    pointer: pointer.replace("#", "#/value"),
    detail,
  }));
  return err({ name: "invalid-body", detail: "The field cannot hold this value.", members: { errors } });
}

/** What was to be settled must be what is there: an edit that came since has not been looked at. */
function refuseOtherConflict(
  conflictId: string,
  field: FieldName,
  { conflicts }: ProductView,
): Problem | undefined {
  const present = conflicts.find((conflict) => conflict.field === field);
  if (present === undefined) {
    return conflictNotFound;
  }
  return present.id === conflictId
    ? undefined
    : {
        name: "conflict-changed",
        detail: "Other edits of the field are in conflict by now. Look at them and settle those.",
        members: { conflict: conflictToBody(present) },
      };
}

/** A settlement is an edit that has seen all sides. */
export async function handleSettleConflict(
  exchange: Exchange<{ productId: string }, object, z.infer<typeof settlementSchema>> & {
    operationId: OperationId;
    operator: string;
  },
  deps: ApiDeps,
): Promise<Outcome> {
  const { params, body } = exchange;
  const field = conflictField(body.conflict);
  if (field === undefined) {
    return err(conflictNotFound);
  }
  const change = readChange(field, body.value);
  if (!change.ok) {
    return change;
  }
  return editKnownProduct(deps, {
    ...exchange,
    productId: params.productId,
    changes: [change.value],
    refuse: (seen) => refuseOtherConflict(body.conflict, field, seen),
  });
}
