import * as z from "zod";
import * as checkouts from "../../checkout/routes/checkout/contract.ts";
import * as orders from "../../checkout/routes/orders/contract.ts";
import * as payments from "../../checkout/routes/payments/contract.ts";
import * as stock from "../../checkout/routes/stock/contract.ts";
import * as health from "../../health/contract.ts";
import type { AnyContract } from "../contract.ts";
import * as carts from "../routes/carts/contract.ts";
import * as conflicts from "../routes/conflicts/contract.ts";
import * as products from "../routes/products/contract.ts";
import * as ready from "../routes/ready/contract.ts";
import * as regions from "../routes/regions/contract.ts";
import * as sessions from "../routes/sessions/contract.ts";

/** A contract with what its path takes. */
export interface SpecifiedContract extends AnyContract {
  readonly params: z.ZodType;
  readonly query: z.ZodType;
  readonly body: z.ZodType;
}

export interface NamedContract {
  readonly tag: string;
  readonly operationId: string;
  readonly contract: SpecifiedContract;
}

/** A folder of routes, with the exports of its contract.ts: their names are the names in the specification. */
interface Section {
  readonly description: string;
  readonly contracts: Readonly<Record<string, unknown>>;
}

export const sections: Readonly<Record<string, Section>> = {
  products: { description: "The catalog", contracts: products },
  conflicts: { description: "Concurrent edits of the catalog, for operators", contracts: conflicts },
  sessions: { description: "Who shops", contracts: sessions },
  carts: { description: "Shoppers' carts, merged over regions", contracts: carts },
  checkout: { description: "From a cart to an order", contracts: checkouts },
  orders: { description: "What was bought", contracts: orders },
  stock: { description: "What may be sold, and by whom", contracts: stock },
  payments: { description: "For the payment provider", contracts: payments },
  regions: { description: "Where the shop is open", contracts: regions },
  health: { description: "How a region is", contracts: { ...health, ...ready } },
};

function isContract(value: unknown): value is SpecifiedContract {
  return typeof value === "object" && value !== null && "method" in value && "path" in value;
}

/** Exports have no order of their own. */
const methodOrder = ["GET", "POST", "PUT", "PATCH", "DELETE"];

function compare({ contract: a }: NamedContract, { contract: b }: NamedContract): number {
  return a.path === b.path
    ? methodOrder.indexOf(a.method) - methodOrder.indexOf(b.method)
    : a.path < b.path
      ? -1
      : 1;
}

export const namedContracts: readonly NamedContract[] = Object.entries(sections).flatMap(
  ([tag, { contracts }]) =>
    Object.entries(contracts)
      .flatMap(([operationId, contract]) => (isContract(contract) ? [{ tag, operationId, contract }] : []))
      .sort(compare),
);

function schemaName(exported: string): string {
  const name = exported.replace(/Schema$/, "");
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** Exported schemas are shared ones: `newCartSchema` becomes the component `NewCart`. */
export const namedSchemas: ReadonlyMap<z.ZodType, string> = new Map(
  Object.values(sections).flatMap(({ contracts }) =>
    Object.entries(contracts).flatMap(([name, value]) =>
      value instanceof z.ZodType ? [[value, schemaName(name)] as const] : [],
    ),
  ),
);
