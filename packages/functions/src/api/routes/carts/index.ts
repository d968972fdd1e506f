import { openRoute, operationRoute, shopperRoute } from "../../route.ts";
import { handleAddLine } from "./add-line.ts";
import { addLine, createCart, getCart } from "./contract.ts";
import { handleCreateCart } from "./create.ts";
import { handleGetCart } from "./get.ts";

export const cartRoutes = [
  openRoute(createCart, handleCreateCart),
  shopperRoute(getCart, handleGetCart),
  operationRoute(addLine, handleAddLine),
];
