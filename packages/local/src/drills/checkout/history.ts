/** What the drills of the checkout write down: all that their judges may know. */

export interface OrderLine {
  readonly sku: string;
  readonly quantity: number;
  readonly unitMinor: number;
}

/** An order as a region showed it. */
export interface SeenOrder {
  readonly id: string;
  readonly state: string;
  /** Whether it is settled which placement is the order. */
  readonly decided: boolean;
  readonly placedIn: string;
  readonly currency: string;
  readonly lines: readonly OrderLine[];
  readonly totalMinor: number;
}

/** What a client was told; `at` is its place in the run's order of events. */
export type Told = { readonly at: number } & (
  | {
      readonly type: "confirmed";
      readonly order: SeenOrder;
      /** Whether the answer says that a second region has a copy of its own; absent when it does not say. */
      readonly isDurable?: boolean;
    }
  /** Placed, and not settled yet. */
  | { readonly type: "placed"; readonly order: SeenOrder }
  /** Nothing was placed by this sending; `order` is one that the answer names. */
  | { readonly type: "refused"; readonly problem: string; readonly order?: string }
  /** No answer, or one that leaves it open: `why` is for people. */
  | { readonly type: "unknown"; readonly why: string }
);

export interface CheckoutAttempt {
  readonly region: string;
  readonly sent: number;
  readonly told: Told;
  /** Regions that a fault kept away from this one, when it was sent or when it was answered. */
  readonly apart: readonly string[];
}

/** One operation id, however often and wherever it was sent. */
export interface Checkout {
  /** For people: `buyer 7`. */
  readonly name: string;
  /** The cart's id. */
  readonly cart: string;
  readonly operationId: string;
  readonly lines: readonly OrderLine[];
  readonly currency: string;
  /** Whether the provider declines the payment method. */
  readonly declining: boolean;
  /** In the order they were sent; those after a final answer are repeats, as by a client that lost it. */
  readonly attempts: readonly CheckoutAttempt[];
}

/** What one region says of one order when everything is mended and finished; nothing where it knows none. */
export interface OrderEnd {
  readonly id: string;
  readonly region: string;
  readonly order: SeenOrder | undefined;
}

/** A cell of one SKU as a region has seen it. */
export interface SeenCell {
  readonly cell: string;
  readonly available: number;
  readonly held: number;
  readonly sold: number;
  readonly restocked: number;
  readonly granted: Readonly<Record<string, number>>;
  readonly absorbed: Readonly<Record<string, number>>;
}

/** All cells of one SKU as one region has seen them. */
export interface CellsView {
  readonly region: string;
  readonly sku: string;
  readonly cells: readonly SeenCell[];
}

/** A payment as the provider's own books have it. */
export interface LedgerPayment {
  readonly id: string;
  /** The order's id; empty when it is of none. */
  readonly order: string;
  readonly currency: string;
  readonly status: string;
  readonly charges: readonly { readonly captures: number; readonly amountCaptured: number }[];
  readonly refunds: readonly { readonly amount: number }[];
}

export const totalOf = (lines: readonly OrderLine[]): number =>
  lines.reduce((sum, { quantity, unitMinor }) => sum + quantity * unitMinor, 0);

/** One text for equal lines, in whatever order. */
export const linesText = (lines: readonly OrderLine[]): string =>
  lines
    .map(({ sku, quantity, unitMinor }) => `${quantity} ${sku} at ${unitMinor}`)
    .sort()
    .join(", ");

/** States of an order whose units are sold. */
const liveStates = ["confirmed", "paid", "shipped", "delivered"];
/** States in which nothing happens by itself any more. */
const settledStates = [
  "paid",
  "shipped",
  "delivered",
  "returned",
  "declined",
  "expired",
  "superseded",
  "cancelled",
  "refunded",
];

export const isLive = (order: SeenOrder | undefined): order is SeenOrder =>
  order !== undefined && liveStates.includes(order.state);

export const isSettled = (order: SeenOrder): boolean => settledStates.includes(order.state);

/** Refusals that say: not now, not here. The same key may be sent again, here or elsewhere. */
const passing = ["not-selling", "not-covered", "cart-not-covered", "cart-in-checkout"];

/** Whether a client that is told this goes no further: it has its order, or a refusal that another try does not mend. */
export const isFinal = (told: Told): boolean =>
  told.type === "confirmed" || (told.type === "refused" && !passing.includes(told.problem));

const isOpen = ({ type }: Told): boolean => type === "placed" || type === "unknown";

/** What ends an operation wherever it was sent: it is said of the order, and not of one region's stock. */
const endsEverywhere = (told: Told): boolean =>
  told.type === "confirmed" || (told.type === "refused" && told.problem === "payment-declined");

/**
 * The regions that may have placed the order, and have not said since what became of it: who was refused elsewhere
 * meanwhile does not know yet.
 */
export function openIn(attempts: readonly CheckoutAttempt[]): readonly string[] {
  if (attempts.some(({ told }) => endsEverywhere(told))) return [];
  const opened = new Set<string>();
  for (const { region, told } of attempts) {
    if (isOpen(told)) opened.add(region);
    else if (isFinal(told)) opened.delete(region);
  }
  return [...opened];
}

/** Whether a client knows what became of its checkout. */
export const isDecided = ({ attempts }: Pick<Checkout, "attempts">): boolean =>
  attempts.some(({ told }) => isFinal(told)) && openIn(attempts).length === 0;

/** The order that an answer names, if any. */
export function orderNamed(told: Told): string | undefined {
  if (told.type === "confirmed" || told.type === "placed") return told.order.id;
  return told.type === "refused" ? told.order : undefined;
}

/** Of every order that any region knows, what the first of them says. */
export function ordersById(ends: readonly OrderEnd[]): ReadonlyMap<string, SeenOrder> {
  const orders = new Map<string, SeenOrder>();
  for (const { id, order } of ends) if (order !== undefined && !orders.has(id)) orders.set(id, order);
  return orders;
}
