import { type VersionVector, vectorEntries } from "@antipode/core";
import type { DrillContext } from "../drill.ts";
import type { Edit } from "./history.ts";
import type { PlannedProduct } from "./plan.ts";
import {
  fieldValue,
  listProducts,
  type ProductClient,
  readProduct,
  type SeenProduct,
} from "./product-client.ts";

/** A product of the drill with the two fields that are edited. */
export interface Subject {
  readonly id: string;
  readonly fields: Readonly<Record<PlannedProduct["kind"], string>>;
}

/** Products of the catalog, each with what it holds when the drill begins. */
export async function chooseSubjects({ world, regions, sizes }: DrillContext, client: ProductClient) {
  const [home = ""] = regions;
  const products = await listProducts(world.api(home), sizes["products"] ?? 1);
  return Promise.all(
    products.map(async ({ id }) => {
      const { product, sight } = await readProduct(client, home, { id, barrier: false });
      const subject = subjectOf(product);
      for (const field of Object.values(subject.fields)) {
        client.notebook.edits.push(asFound(product, field, sight.vector));
      }
      return subject;
    }),
  );
}

function subjectOf({ id, variants: [variant] }: SeenProduct): Subject {
  const price = variant?.prices[0];
  if (variant === undefined || price === undefined) throw new Error(`${id} has no price`);
  return { id, fields: { price: `price#${variant.sku}#${price.currency}`, title: "title" } };
}

/** The catalog's own value: an edit that everybody has seen. */
function asFound(product: SeenProduct, field: string, vector: VersionVector): Edit {
  return {
    name: "the catalog",
    product: product.id,
    field,
    value: fieldValue(product, field) ?? "",
    operationId: "",
    attempts: vectorEntries(vector).map(([origin]) => ({
      origin,
      sent: 0,
      end: { type: "done", at: 0, vector, covered: false },
    })),
  };
}
