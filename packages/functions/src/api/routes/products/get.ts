import { err, itemToView, ok, parseProductId, vectorToEtag, viewKey } from "@antipode/core";
import type { ApiDeps } from "../../deps.ts";
import { type Exchange, type Outcome, tagged } from "../../exchange.ts";
import { notUnderstoodProblem, type Problem, storageProblem } from "../../problems.ts";
import { catalogCaching } from "./list.ts";

const notFound: Problem = { name: "product-not-found", detail: "No product has this id." };

export async function handleGetProduct(
  { params, ifNoneMatch }: Exchange<{ productId: string }, object, undefined>,
  { items }: ApiDeps,
): Promise<Outcome> {
  const id = parseProductId(params.productId);
  if (!id.ok) {
    return err(notFound);
  }
  const item = await items.get("Views", viewKey(id.value));
  if (!item.ok) {
    return err(storageProblem(item.error));
  }
  if (item.value === undefined) {
    return err(notFound);
  }
  const view = itemToView(item.value);
  if (!view.ok) {
    return err(notUnderstoodProblem(view.error));
  }
  return ok(
    tagged(vectorToEtag(view.value.vector), ifNoneMatch, {
      status: 200,
      body: view.value.product,
      headers: { "Cache-Control": catalogCaching },
    }),
  );
}
