import { adminOperationRoute, adminRoute, openRoute, type Route } from "../../../api/route.ts";
import type { CheckoutDeps } from "../../deps.ts";
import { inTime } from "../../in-time.ts";
import { deliver, getStock, getStockCells } from "./contract.ts";
import { handleDeliver } from "./deliver.ts";
import { handleGetStock, handleGetStockCells } from "./see-stock.ts";

export function createStockRoutes(deps: CheckoutDeps): readonly Route[] {
  return [
    openRoute(getStock, (exchange) => handleGetStock(deps, exchange)),
    adminRoute(getStockCells, (exchange) => handleGetStockCells(deps, exchange)),
    adminOperationRoute(deliver, (exchange) =>
      inTime(deps, exchange.nowMs, (timed) => handleDeliver(timed, exchange)),
    ),
  ];
}
