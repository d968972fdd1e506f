import {
  err,
  isProductId,
  isSku,
  type OperationId,
  ok,
  type Product,
  productToChanges,
} from "@antipode/core";
import type * as z from "zod";
import type { ApiDeps } from "../../deps.ts";
import type { Exchange, Outcome } from "../../exchange.ts";
import type { Problem } from "../../problems.ts";
import { editAnswer } from "./product-answer.ts";
import type { newProductSchema } from "./schemas.ts";
import { lookAt } from "./sight.ts";
import { writeEdit } from "./write-edit.ts";

type NewProduct = z.infer<typeof newProductSchema>;

const exists: Problem = {
  name: "product-exists",
  detail: "A product has this id, or had it. Choose another, or edit the one that is there.",
};

/** The contract has looked at everything. Prices may come in any order: each is a field of its own. */
function toProduct({ id, variants, ...fields }: NewProduct): Product {
  if (!isProductId(id)) {
    throw new Error("the contract let through what is no product id");
  }
  return {
    id,
    ...fields,
    variants: variants.map(({ sku, title, prices }) => {
      if (!isSku(sku)) {
        throw new Error("the contract let through what is no SKU");
      }
      return { sku, title, prices };
    }),
  };
}

/**
 * A product is its first edit. Two regions that make one id at the same time make one product: fields on which they
 * differ are conflicts.
 */
export async function handleCreateProduct(
  exchange: Exchange<object, object, NewProduct> & { operationId: OperationId; operator: string },
  deps: ApiDeps,
): Promise<Outcome> {
  const { body, nowMs, requestId, operationId, operator } = exchange;
  const product = toProduct(body);
  const sight = await lookAt(deps, product.id, {});
  if (!sight.ok) {
    return sight;
  }
  const edited = await writeEdit(
    deps,
    {
      id: product.id,
      operationId,
      operator,
      requestId,
      changes: productToChanges(product),
      nowMs,
      refuse: (_seen, { edits }) => (edits.length > 0 ? exists : undefined),
    },
    sight.value,
  );
  return edited.ok
    ? ok(editAnswer(201, edited.value.view, { Location: `/v1/products/${product.id}` }))
    : err(edited.error);
}
