import { openRoute } from "../../route.ts";
import { getProduct, listProducts } from "./contract.ts";
import { handleGetProduct } from "./get.ts";
import { handleListProducts } from "./list.ts";

export const productRoutes = [
  openRoute(listProducts, handleListProducts),
  openRoute(getProduct, handleGetProduct),
];
