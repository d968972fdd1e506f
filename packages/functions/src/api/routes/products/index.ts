import { adminOperationRoute, openRoute } from "../../route.ts";
import {
  createProduct,
  editProduct,
  getProduct,
  listProducts,
  setPrice,
  settleConflict,
} from "./contract.ts";
import { handleCreateProduct } from "./create.ts";
import { handleEditProduct, handleSetPrice } from "./edit.ts";
import { handleGetProduct } from "./get.ts";
import { handleListProducts } from "./list.ts";
import { handleSettleConflict } from "./settle.ts";

export const productRoutes = [
  openRoute(listProducts, handleListProducts),
  openRoute(getProduct, handleGetProduct),
  adminOperationRoute(createProduct, handleCreateProduct),
  adminOperationRoute(editProduct, handleEditProduct),
  adminOperationRoute(setPrice, handleSetPrice),
  adminOperationRoute(settleConflict, handleSettleConflict),
];
