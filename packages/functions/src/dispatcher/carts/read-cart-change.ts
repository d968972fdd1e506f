import { itemToCart } from "@antipode/core";
import type { ReadItem } from "../understand.ts";

/** An item that cannot be read would make its whole cart unreadable in this region. */
export const readCartChange: ReadItem = ({ item }) => {
  const cart = item === undefined ? undefined : itemToCart(item);
  return cart === undefined || cart.ok ? undefined : `${cart.error.attribute}: ${cart.error.reason}`;
};
