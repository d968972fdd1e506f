import { covers, missingEntries, vectorToText } from "@antipode/core";
import { doneEnd, isFinalRefusal } from "../attempt.ts";
import type { CartEnd, CartHistory, CartSight, Lines } from "./history.ts";
import { type CartPast, pastOf, possibleQuantities, type Unit } from "./possible.ts";

export interface CartVerdict {
  /** Units of acknowledged operations that are missing at the end. */
  readonly lost: number;
  /** Units at the end that no operation accounts for. */
  readonly doubled: number;
  /** One line for each broken promise; empty when all were kept. */
  readonly broken: readonly string[];
}

/** Judges a run from what its shoppers sent and were told, and from nothing else. */
export function judgeCarts(history: CartHistory): CartVerdict {
  const broken = [...refused(history), ...undecided(history)];
  let lost = 0;
  let doubled = 0;
  const sightsByCart = Map.groupBy(history.sights, ({ cart }) => cart);
  for (const [cart, ends] of Map.groupBy(history.ends, (end) => end.cart)) {
    const past = pastOf(history, cart);
    const sights = sightsByCart.get(cart) ?? [];
    broken.push(
      ...diverged(cart, ends),
      ...contradictions(cart, sights),
      ...brokenSights(cart, sights, past),
    );
    const worst = ends.map((end) => judgeLines(end, past));
    lost += Math.max(0, ...worst.map((one) => one.lost));
    doubled += Math.max(0, ...worst.map((one) => one.doubled));
    broken.push(...new Set(worst.flatMap((one) => one.broken.map((line) => `${cart}: ${line}`))));
  }
  return { lost, doubled, broken };
}

function judgeLines({ lines }: CartEnd, past: CartPast): CartVerdict {
  let lost = 0;
  let doubled = 0;
  const broken: string[] = [];
  for (const sku of new Set([...past.units.keys(), ...Object.keys(lines)])) {
    const possible = possibleQuantities(past.units.get(sku) ?? []);
    const found = lines[sku] ?? 0;
    if (possible.includes(found)) continue;
    const less = possible.findLast((quantity) => quantity < found);
    const more = possible.find((quantity) => quantity > found);
    // Between two possible quantities it is told as the nearer one would have it.
    if (more === undefined || (less !== undefined && found - less < more - found))
      doubled += found - (less ?? 0);
    else lost += more - found;
    broken.push(`${sku} has ${found} units at the end, where ${describePossible(possible)} can be`);
  }
  return { lost, doubled, broken };
}

const describePossible = (possible: readonly number[]) =>
  possible.length <= 6 ? possible.join(" or ") : `${possible[0]} to ${possible.at(-1)}`;

function diverged(cart: string, ends: readonly CartEnd[]): readonly string[] {
  const states = new Set(ends.map(({ vector, lines }) => `${vectorToText(vector)} ${linesText(lines)}`));
  return states.size > 1
    ? [`${cart}: regions still differ at the end: ${[...states].join(" against ")}`]
    : [];
}

/** Equal tags mean equal carts. */
function contradictions(cart: string, sights: readonly CartSight[]): readonly string[] {
  const linesByTag = new Map<string, string>();
  const broken: string[] = [];
  for (const { vector, lines, region } of sights) {
    const tag = vectorToText(vector);
    const text = linesText(lines);
    const before = linesByTag.get(tag);
    if (before !== undefined && before !== text)
      broken.push(`${cart}: ${region} shows another cart for ${tag}`);
    linesByTag.set(tag, before ?? text);
  }
  return broken;
}

function brokenSights(cart: string, sights: readonly CartSight[], past: CartPast): readonly string[] {
  return sights.flatMap((sight) =>
    [wrongConsistency(sight), ...[...past.onlyAdded].map((sku) => wrongGrowth(sight, sku, past))]
      .filter((line) => line !== undefined)
      .map((line) => `${cart}: ${line}`),
  );
}

/** What the `Consistency` header says of an answer must be so. */
function wrongConsistency({ region, vector, wish }: CartSight): string | undefined {
  if (wish === undefined) return undefined;
  const missing = vectorToText(missingEntries(vector, wish.token));
  const right = missing === "0" ? "covered" : `stale; missing="${missing}"`;
  return wish.said === right ? undefined : `${region} said "${wish.said}" where "${right}" was so`;
}

/** Of a SKU that is only added to, each answer holds at least what its tag covers and at most what was sent by then. */
function wrongGrowth(
  { region, at, vector, lines }: CartSight,
  sku: string,
  past: CartPast,
): string | undefined {
  const units = past.units.get(sku) ?? [];
  const sum = (counted: readonly Unit[]) => counted.reduce((total, { quantity }) => total + quantity, 0);
  const least = sum(units.filter((unit) => unit.vector !== undefined && covers(vector, unit.vector)));
  const most = sum(units.filter(({ sent }) => sent < at));
  const found = lines[sku] ?? 0;
  return found < least || found > most
    ? `${region} showed ${found} of ${sku} at ${vectorToText(vector)}, where ${least} to ${most} can be`
    : undefined;
}

/** The drill sends nothing that deserves a refusal that is final. */
function refused(history: CartHistory): readonly string[] {
  return history.changes.flatMap(({ name, attempts }) =>
    attempts
      .filter(isFinalRefusal)
      .map(
        ({ origin, end }) => `${name}: ${origin} refused it: ${end.type === "refused" ? end.problem : ""}`,
      ),
  );
}

/** Once everything is mended a guest's cart can be merged: the last merge is not sent while anything is broken. */
function undecided(history: CartHistory): readonly string[] {
  const merges = history.changes.filter((change) => change.kind === "merge");
  const last = new Map(merges.map((merge) => [`${merge.cart} ${merge.guest}`, merge]));
  return [...last.values()]
    .filter(({ attempts }) => doneEnd(attempts) === undefined)
    .map(({ name }) => `${name}: a guest's cart could not be merged with everything mended`);
}

const linesText = (lines: Lines) =>
  Object.entries(lines)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([sku, quantity]) => `${sku}=${quantity}`)
    .join(",");
