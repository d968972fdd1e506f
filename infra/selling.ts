/**
 * What it takes to sell: rights over stock, orders and carts, for the functions that place orders and bring them to their
 * end. Written once, since a step that one of them began must be a step that another can finish.
 */
import { leadingKeys } from "./function.ts";
import { readAtPeers } from "./peers.ts";
import { paymentKey } from "./secrets.ts";
import { globalTables, regionalTables } from "./tables.ts";

const { Carts, Control, Orders, Stock } = globalTables;
const { Views } = regionalTables;

/** A lease is the answer of the other regions to the own heartbeat: all of them are read, none is written. */
export const readControl = {
  actions: ["dynamodb:Query"],
  resources: [Control.arn],
  conditions: leadingKeys("REGION#"),
};

/**
 * Deciding what to sell, grant or move: the cells of a SKU, and whether this region may. Whoever ends an order decides
 * nothing of the kind, since its allocation says which cells it holds. Links to Stock
 * and Control go with it.
 */
export const decideOnStock = [
  {
    actions: ["dynamodb:Query"],
    resources: [Stock.arn],
    conditions: leadingKeys("SKU#"),
  },
  readControl,
];

/**
 * Bringing an order forward: its log and allocation, the cells it holds, its cart's generation, its payment. No other
 * region has to be asked for that, and no lease: so no link to peers or Control. The winner's cart may have to be read in its
 * own region.
 */
export const orderKeeping = {
  link: [paymentKey, Carts.link, Orders.link, Stock.link],
  permissions: [
    {
      actions: ["dynamodb:Query", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:ConditionCheckItem"],
      resources: [Orders.arn],
      conditions: leadingKeys("ORDER#"),
    },
    {
      actions: ["dynamodb:Query", "dynamodb:UpdateItem"],
      resources: [Carts.arn],
      conditions: leadingKeys("CART#"),
    },
    ...readAtPeers("Carts", ["dynamodb:GetItem"], "CART#"),
    {
      actions: ["dynamodb:UpdateItem"],
      resources: [Stock.arn],
      conditions: leadingKeys("SKU#"),
    },
  ],
};

/** Prices are read as the region's catalog dispatcher keeps them. */
export const readOffers = {
  actions: ["dynamodb:GetItem"],
  resources: [Views.arn],
  conditions: leadingKeys("OFFER#"),
};

/** Taking a delivery in: once for its id, wherever it is repeated. Its units go to a cell, in the same transaction. */
export const takeDeliveries = {
  actions: ["dynamodb:Query", "dynamodb:PutItem"],
  resources: [Stock.arn],
  conditions: leadingKeys("DELIVERY#"),
};
