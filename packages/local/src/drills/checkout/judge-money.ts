import { isLive, type LedgerPayment, type SeenOrder } from "./history.ts";

export interface MoneyVerdict {
  /** Orders with money in the provider's books that was not given back. */
  readonly charged: number;
  /** Orders that were charged more than once, or more than they come to. */
  readonly duplicateCharges: number;
  readonly broken: readonly string[];
}

/** The provider's books against the orders: what stands is paid once and exactly, what does not is not paid at all. */
export function judgeMoney(
  payments: readonly LedgerPayment[],
  orders: ReadonlyMap<string, SeenOrder>,
): MoneyVerdict {
  const byOrder = Map.groupBy(payments, ({ order }) => order);
  let charged = 0;
  let duplicateCharges = 0;
  const broken: string[] = [];
  for (const id of new Set([...byOrder.keys(), ...orders.keys()])) {
    const order = orders.get(id);
    const books = addUp(byOrder.get(id) ?? []);
    if (books.captured > books.refunded) charged += 1;
    const twice = chargedTwice(order, books);
    if (twice !== undefined) duplicateCharges += 1;
    broken.push(
      ...[twice, wrongAmount(order, books), stillAuthorised(books)]
        .filter((line) => line !== undefined)
        .map((line) => `${id === "" ? "a payment of no order" : id}: ${line}`),
    );
  }
  return { charged, duplicateCharges, broken };
}

interface Books {
  readonly captures: number;
  readonly captured: number;
  readonly refunded: number;
  /** Payments whose money is kept from the shopper and not taken. */
  readonly authorised: number;
  readonly currencies: ReadonlySet<string>;
}

function addUp(payments: readonly LedgerPayment[]): Books {
  const charges = payments.flatMap((payment) => payment.charges);
  const taken = payments.filter((payment) => payment.charges.some(({ captures }) => captures > 0));
  const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);
  return {
    captures: sum(charges.map(({ captures }) => captures)),
    captured: sum(charges.map(({ amountCaptured }) => amountCaptured)),
    refunded: sum(payments.flatMap(({ refunds }) => refunds.map(({ amount }) => amount))),
    authorised: payments.filter(({ status }) => status === "requires_capture").length,
    currencies: new Set(taken.map(({ currency }) => currency.toUpperCase())),
  };
}

function chargedTwice(order: SeenOrder | undefined, { captures, captured }: Books): string | undefined {
  if (captures > 1) return `it was charged ${captures} times`;
  if (order !== undefined && captured > order.totalMinor) {
    return `it was charged ${captured} where it comes to ${order.totalMinor}`;
  }
  return undefined;
}

function wrongAmount(order: SeenOrder | undefined, books: Books): string | undefined {
  const net = books.captured - books.refunded;
  const what = order === undefined ? "no region knows the order" : `the order is ${order.state}`;
  if (!isLive(order)) return net === 0 ? undefined : `${net} was taken, and ${what}`;
  if (net !== order.totalMinor) return `it stands, comes to ${order.totalMinor}, and ${net} was taken`;
  const foreign = [...books.currencies].find((currency) => currency !== order.currency);
  return foreign === undefined ? undefined : `it comes to ${order.currency} and was charged in ${foreign}`;
}

const stillAuthorised = ({ authorised }: Books): string | undefined =>
  authorised === 0 ? undefined : "money is still authorised that nobody will take";
