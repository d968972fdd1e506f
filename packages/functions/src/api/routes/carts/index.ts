import { openRoute, operationRoute, shopperRoute } from "../../route.ts";
import { handleAddLine } from "./add-line.ts";
import { handleRemoveLine, handleSetLine } from "./change-line.ts";
import { addLine, createCart, getCart, mergeCart, removeLine, setLine } from "./contract.ts";
import { handleCreateCart } from "./create.ts";
import { handleGetCart } from "./get.ts";
import { handleMergeCart } from "./merge.ts";

export const cartRoutes = [
  openRoute(createCart, handleCreateCart),
  shopperRoute(getCart, handleGetCart),
  operationRoute(addLine, handleAddLine),
  operationRoute(setLine, handleSetLine),
  operationRoute(removeLine, handleRemoveLine),
  operationRoute(mergeCart, handleMergeCart),
];
