/** Lines of one order: with their units in cells, the order's own items and the cart they fit one transaction of 100 writes. */
export const orderLinesMax = 40;

/** Units of one line: a cart adds up to 99 a time, and nobody orders a thousand of one thing here. */
export const orderLineUnitsMax = 999;

/** Parts of one allocation, a cell and SKU each: one write each, beside four of the order's and the cart's. */
export const allocationPartsMax = 90;

/** How long a placement keeps its units while the shopper pays: bank pages take minutes, and stock should not lie idle. */
export const orderHoldMs = 15 * 60_000;

/** No payment is started in the last minute of a hold: its answer would come when the units are gone. */
export const paymentMarginMs = 60_000;

/** The placement's method is tried once: a declined card or an expiry starts the cart's next generation, with its own. */
export const paymentAttempt = 0;

/** When repair looks at an open placement again: well after a checkout's own calls, which take seconds. */
export const orderDueAfterMs = 30_000;

/**
 * Requests that one origin's log takes of one order: people ask a few times. The owner's log holds an answer to each, so
 * with eight origins it stays below 200 entries, and a partition is read in one page.
 */
export const orderRequestsMax = 20;

/** Characters of a request's digest: a SHA-256 in base64url has 43. */
export const requestDigestCharsMax = 64;

/** Characters of a provider's id, of a payment method's token, and of a provider's code of decline. */
export const paymentTextCharsMax = 255;

/** Cart operations that one order takes: as many as a cart's items of eight origins hold live. */
export const orderOperationsMax = 4_000;
