import {
  type Checkout,
  isDecided,
  isFinal,
  isLive,
  linesText,
  type OrderEnd,
  orderNamed,
  ordersById,
  type SeenOrder,
  type Told,
  totalOf,
} from "./history.ts";

/** All regions know an order alike when everything is mended, and its end has come. */
export function judgeEnds(ends: readonly OrderEnd[]): readonly string[] {
  return [...Map.groupBy(ends, ({ id }) => id)].flatMap(([id, ofOrder]) => {
    const states = new Set(ofOrder.map(({ order }) => (order === undefined ? "unknown" : orderText(order))));
    if (states.size > 1) return [`${id}: regions still differ: ${[...states].join(" against ")}`];
    const [first] = ofOrder;
    const open = first?.order !== undefined && !first.order.decided;
    return open ? [`${id}: it is not decided which placement is the order`] : [];
  });
}

const orderText = ({ state, placedIn, currency, totalMinor, lines }: SeenOrder) =>
  `${state}, placed in ${placedIn}, ${linesText(lines)}, ${totalMinor} ${currency}`;

/** What clients were told against what there is in the end. */
export function judgeTold(checkouts: readonly Checkout[], ends: readonly OrderEnd[]): readonly string[] {
  const endsById = Map.groupBy(ends, ({ id }) => id);
  return checkouts.flatMap((checkout) =>
    [
      ...lostOrders(checkout, endsById),
      ...contradictions(checkout),
      ...takenBack(checkout),
      ...undeserved(checkout),
      ...undecided(checkout),
    ].map((line) => `${checkout.name}: ${line}`),
  );
}

/** What was confirmed to a client is in every region, and is what was confirmed. */
function lostOrders(
  { attempts }: Checkout,
  endsById: ReadonlyMap<string, readonly OrderEnd[]>,
): readonly string[] {
  const confirmed = new Map<string, SeenOrder>();
  for (const { told } of attempts) if (told.type === "confirmed") confirmed.set(told.order.id, told.order);
  return [...confirmed.values()].flatMap((order) => {
    const ends = endsById.get(order.id) ?? [];
    if (ends.length === 0) return [`${order.id} was confirmed, and nobody looked for it`];
    return ends
      .filter((end) => !isSame(end.order, order))
      .map(({ region, order: found }) => {
        const what = found === undefined ? "does not know it" : `has it as ${orderText(found)}`;
        return `${order.id} was confirmed in ${order.placedIn}, and ${region} ${what}`;
      });
  });
}

const isSame = (found: SeenOrder | undefined, told: SeenOrder) =>
  isLive(found) &&
  found.placedIn === told.placedIn &&
  found.totalMinor === told.totalMinor &&
  linesText(found.lines) === linesText(told.lines);

/** One operation has one outcome, whoever is asked how often. */
function contradictions({ attempts }: Checkout): readonly string[] {
  const told = attempts.map((attempt) => attempt.told);
  const ids = new Set(told.map(orderNamed).filter((id) => id !== undefined));
  const wasDeclined = told.some((one) => one.type === "refused" && one.problem === "payment-declined");
  const isConfirmed = told.some(({ type }) => type === "confirmed");
  return [
    ...(ids.size > 1 ? [`one operation was told of several orders: ${[...ids].join(", ")}`] : []),
    ...(wasDeclined && isConfirmed ? ["one operation was both confirmed and declined"] : []),
  ];
}

/** A region that has confirmed an order does so again, whenever the same operation is sent to it. */
function takenBack({ attempts }: Checkout): readonly string[] {
  return attempts.flatMap(({ region, sent, told }) => {
    const before = attempts.some(
      (other) => other.region === region && other.told.type === "confirmed" && other.told.at < sent,
    );
    return before && told.type === "refused" && isFinal(told)
      ? [`${region} confirmed it and was then of another mind: ${told.problem}`]
      : [];
  });
}

/** Refusals that a shopper can deserve, though nothing is wrong with the request. */
const deserved = [
  "stock-short",
  "not-selling",
  "not-covered",
  "cart-not-covered",
  "cart-in-checkout",
  "checkout-superseded",
];
/** What a cart looks like whose order was placed by an earlier sending, or by another checkout that was open then. */
const afterPlacing = ["cart-empty", "cart-changed"];

/** The drill sends nothing that deserves a refusal of any other kind. */
function undeserved({ attempts, declining }: Checkout): readonly string[] {
  return attempts.flatMap(({ region, sent, told }) => {
    if (told.type !== "refused" || deserved.includes(told.problem)) return [];
    if (told.problem === "payment-declined" && declining) return [];
    const mayBePlaced = attempts.some((other) => other.sent < sent && speaksOfOrder(other.told));
    if (mayBePlaced && afterPlacing.includes(told.problem)) return [];
    return [`${region} refused it: ${told.problem}`];
  });
}

const speaksOfOrder = (told: Told) => told.type !== "refused" || told.problem === "cart-in-checkout";

/** With everything mended a client that asks again is told what became of its checkout. */
function undecided(checkout: Checkout): readonly string[] {
  if (isDecided(checkout)) return [];
  const told = checkout.attempts.at(-1)?.told;
  const what = told?.type === "refused" ? told.problem : told?.type === "unknown" ? told.why : told?.type;
  return [`with everything mended it was not told what became of its checkout: ${what}`];
}

/** An order that stands, of a cart whose shopper was told of every checkout that it came to nothing. */
export function untoldOrders(
  checkouts: readonly Checkout[],
  ends: readonly OrderEnd[],
  cartOf: (orderId: string) => string,
): readonly string[] {
  const told = new Set(
    checkouts
      .filter(({ attempts }) => attempts.some((attempt) => attempt.told.type === "confirmed"))
      .map(({ cart }) => cart),
  );
  return [...ordersById(ends).values()]
    .filter((order) => isLive(order) && !told.has(cartOf(order.id)))
    .map(({ id }) => `${id} stands, and its shopper was told of no order`);
}

/** An order holds what one of its cart's checkouts asked for, at its prices. */
export function notWhatWasAsked(
  checkouts: readonly Checkout[],
  live: readonly SeenOrder[],
  cartOf: (orderId: string) => string,
): readonly string[] {
  const byCart = Map.groupBy(checkouts, ({ cart }) => cart);
  return live
    .filter(
      (order) =>
        !(byCart.get(cartOf(order.id)) ?? []).some(
          ({ lines, currency }) =>
            currency === order.currency &&
            linesText(lines) === linesText(order.lines) &&
            totalOf(lines) === order.totalMinor,
        ),
    )
    .map(({ id }) => `${id} is not what anybody asked for`);
}

/**
 * Orders too many: of one cart more than one that stands, though its shopper wanted one, and of one order more than one
 * placement that was confirmed to somebody.
 */
export function duplicateOrders(
  checkouts: readonly Checkout[],
  ends: readonly OrderEnd[],
  cartOf: (orderId: string) => string,
): { readonly count: number; readonly broken: readonly string[] } {
  const live = [...ordersById(ends).values()].filter(isLive);
  let count = 0;
  const broken: string[] = [];
  for (const [cart, orders] of Map.groupBy(live, ({ id }) => cartOf(id))) {
    if (orders.length === 1) continue;
    count += orders.length - 1;
    broken.push(`${cart} was ordered ${orders.length} times: ${orders.map(({ id }) => id).join(", ")}`);
  }
  const told = checkouts.flatMap(({ attempts }) => attempts.map((attempt) => attempt.told));
  const confirmed = told.flatMap((one) => (one.type === "confirmed" ? [one.order] : []));
  for (const [id, orders] of Map.groupBy(confirmed, (order) => order.id)) {
    const places = new Set(orders.map(({ placedIn }) => placedIn));
    if (places.size === 1) continue;
    count += places.size - 1;
    broken.push(`${id} was confirmed as placed in ${[...places].join(" and in ")}`);
  }
  return { count, broken };
}
