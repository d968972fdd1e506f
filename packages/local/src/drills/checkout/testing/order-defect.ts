/** What a shop that breaks its promises does wrong with orders, money and carts. */
export type OrderDefect =
  /** A region that does not know of another's placement orders the cart once more. */
  | "orders again"
  /** A placement that has lost is confirmed all the same. */
  | "lets both win"
  /** What was confirmed is missing in one region. */
  | "forgets orders"
  /** A capture is sent again under a new key. */
  | "charges twice"
  /** Takes the money of an order that came to nothing. */
  | "charges what failed"
  /** Sends the goods for nothing. */
  | "forgets to charge"
  /** Of an order's total, what the first region to ask has asked for last. */
  | "charges another amount"
  /** Authorises and never lets go. */
  | "keeps money authorised"
  /** One region never learns how an order went on. */
  | "leaves regions apart"
  /** Tells a shopper who asks again that nothing is there. */
  | "tells of nothing"
  /** A good card is declined. */
  | "declines at will"
  /** An order gets more than was asked for. */
  | "adds a line";
