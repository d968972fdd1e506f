import {
  err,
  type FieldEdit,
  isCurrency,
  isSku,
  type OperationId,
  ok,
  type ProductView,
  parseProductId,
  plainFields,
  priceField,
} from "@antipode/core";
import type * as z from "zod";
import type { ApiDeps } from "../../deps.ts";
import type { Exchange, Outcome } from "../../exchange.ts";
import type { Problem } from "../../problems.ts";
import { productNotFound } from "./get.ts";
import { editAnswer } from "./product-answer.ts";
import type { newPriceSchema, productChangesSchema } from "./schemas.ts";
import { lookAt, type Sight, type Wishes } from "./sight.ts";
import { refuseOtherVersion, refuseUnknownVersion, writeEdit } from "./write-edit.ts";

interface ProductEdit extends Wishes {
  readonly productId: string;
  readonly operationId: OperationId;
  readonly operator: string;
  readonly requestId: string;
  readonly changes: readonly FieldEdit[];
  readonly nowMs: number;
  /** What this kind of edit refuses of a product that is there and has the wanted version. */
  readonly refuse?: (seen: ProductView) => Problem | undefined;
}

/** An edit of a product that is there. */
export async function editKnownProduct(deps: ApiDeps, edit: ProductEdit): Promise<Outcome> {
  const id = parseProductId(edit.productId);
  if (!id.ok) {
    return err(productNotFound);
  }
  const sight = await lookAt(deps, id.value, edit);
  if (!sight.ok) {
    return sight;
  }
  const refuse = (seen: ProductView | undefined, inSight: Sight) =>
    refuseUnknownVersion(inSight) ??
    (seen === undefined
      ? productNotFound
      : (refuseOtherVersion(edit.ifMatch, seen, inSight) ?? edit.refuse?.(seen)));
  const { operationId, operator, requestId, changes, nowMs } = edit;
  const edited = await writeEdit(
    deps,
    { id: id.value, operationId, operator, requestId, changes, nowMs, refuse },
    sight.value,
  );
  return edited.ok ? ok(editAnswer(200, edited.value.view, edited.value.headers)) : err(edited.error);
}

type Operation = { readonly operationId: OperationId; readonly operator: string };

export function handleEditProduct(
  exchange: Exchange<{ productId: string }, object, z.infer<typeof productChangesSchema>> & Operation,
  deps: ApiDeps,
): Promise<Outcome> {
  const { params, body } = exchange;
  const changes = plainFields.flatMap((field): FieldEdit[] => {
    const value = body[field];
    return value === undefined ? [] : [{ field, value }];
  });
  return editKnownProduct(deps, { ...exchange, productId: params.productId, changes });
}

const variantNotFound: Problem = {
  name: "variant-not-found",
  detail: "The product has no variant of this SKU. Add the variant before its price.",
};

type PriceParams = { readonly productId: string; readonly sku: string; readonly currency: string };

export async function handleSetPrice(
  exchange: Exchange<PriceParams, object, z.infer<typeof newPriceSchema>> & Operation,
  deps: ApiDeps,
): Promise<Outcome> {
  const { productId, sku, currency } = exchange.params;
  if (!isSku(sku)) {
    return err(variantNotFound);
  }
  if (!isCurrency(currency)) {
    throw new Error("the contract let through what is no currency");
  }
  return editKnownProduct(deps, {
    ...exchange,
    productId,
    changes: [{ field: priceField(sku, currency), value: exchange.body.amountMinor }],
    refuse: ({ product }) =>
      product.variants.some((variant) => variant.sku === sku) ? undefined : variantNotFound,
  });
}
