import { type CellId, cellOrigin, isCellId } from "../ids/cell-id.ts";
import type { Origin } from "../ids/origin.ts";
import type { StoredItem } from "../items/item.ts";
import type { Life } from "./stock-lives.ts";
import { count, type StockWorld } from "./stock-world.ts";

/*
 * The specification of stock, over the history: the deliveries that were counted, the checkouts that took units and
 * stand, and what became of each region. Of the items it knows the attributes' names, and nothing of how they are
 * planned. Every unit that came in is sold, held, available, or on its way, once.
 */

const numberIn = (item: StoredItem | undefined, name: string): number => {
  const value = item?.[name];
  return typeof value === "number" ? value : 0;
};

function sumOf(item: StoredItem, prefix: string): number {
  return Object.keys(item)
    .filter((name) => name.startsWith(prefix))
    .reduce((sum, name) => sum + numberIn(item, name), 0);
}

const add = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0);

/** By cell: every state that it ever had. */
function statesByCell({ lives }: StockWorld): ReadonlyMap<CellId, readonly StoredItem[]> {
  const found = new Map<CellId, readonly StoredItem[]>();
  for (const { key, states } of lives.places.values()) {
    const id = key.sk.startsWith("CELL#") ? key.sk.slice(5) : "";
    if (isCellId(id)) {
      found.set(id, states);
    }
  }
  return found;
}

/** The number of the newest state of a cell that anybody else still holds: of a lost region that is what is left. */
function leftOf({ lives }: StockWorld, lost: Life, id: CellId): number {
  const others = lives.lives.filter((life) => life !== lost && !isLost(life));
  const place = [...lives.places].find(([, { key }]) => key.sk === `CELL#${id}`);
  return Math.max(0, ...others.map(({ held }) => held.get(place?.[0] ?? "") ?? 0));
}

/** Gone with its tables, or with them out of reach for good: what it sells on until its lease ends is its tail. */
export function isLost({ state, replaced }: Life): boolean {
  return state === "dead" || replaced;
}

/** What is left of a region's cells, and whether that is all there was. */
export function restsOf(world: StockWorld, lost: Life) {
  const states = new Map<string, number>();
  let whole = true;
  for (const [id, all] of statesByCell(world)) {
    if (cellOrigin(id) === lost.origin) {
      states.set(id, leftOf(world, lost, id));
      whole &&= states.get(id) === all.length;
    }
  }
  return { states: states as ReadonlyMap<string, number>, whole };
}

/** Units that the region took after those states, for checkouts that stand. */
export function tailOf(
  { sales }: StockWorld,
  lost: Life,
  states: ReadonlyMap<string, number>,
  unwitnessedOnly: boolean,
): number {
  const standing = sales.filter(({ origin, state }) => origin === lost.origin && state !== "released");
  const counted = standing.filter(
    ({ witness }) => !unwitnessedOnly || witness === undefined || witness.state === "dead",
  );
  return add(
    counted.flatMap(({ parts }) =>
      parts
        .filter(({ cell, containedAt }) => containedAt > (states.get(cell) ?? 0))
        .map(({ units }) => units),
    ),
  );
}

/** Two successive states of one cell. */
function stateFaults(before: StoredItem | undefined, after: StoredItem): readonly string[] {
  const balance =
    numberIn(after, "restocked") +
    sumOf(after, "a#") +
    sumOf(after, "rec#") -
    sumOf(after, "g#") -
    numberIn(after, "sold") -
    numberIn(after, "held");
  const growing = Object.keys(before ?? {}).filter((name) => /^(?:restocked|sold|cells|[ga]#.*)$/.test(name));
  const fixed = Object.keys(before ?? {}).filter((name) => name.startsWith("rec#"));
  const rules: readonly (readonly [string, boolean])[] = [
    ["available is what the other numbers say", numberIn(after, "available") === balance],
    ["nothing is below zero", ["available", "held", "sold"].every((name) => numberIn(after, name) >= 0)],
    ["the counter grows by one", numberIn(after, "v") === numberIn(before, "v") + 1],
    [
      "what is cumulative only grows",
      growing.every((name) => numberIn(after, name) >= numberIn(before, name)),
    ],
    ["a reclaim stays", fixed.every((name) => numberIn(after, name) === numberIn(before, name))],
  ];
  return rules.filter(([, holds]) => !holds).map(([rule]) => `${after.sk}: ${rule}`);
}

function judgeStates(world: StockWorld): void {
  for (const states of statesByCell(world).values()) {
    const last = states.at(-1);
    if (last !== undefined) {
      world.faults.push(...stateFaults(states.at(-2), last));
    }
  }
}

/** What a cell's home copy says, whatever became of the home. */
function judgeHomes(world: StockWorld, taken: number, restocked: number): void {
  const homes = new Map([...statesByCell(world)].map(([id, states]) => [id, states.at(-1)]));
  let units = 0;
  let onTheWay = 0;
  for (const [from, home] of homes) {
    units += numberIn(home, "available") + numberIn(home, "held") + numberIn(home, "sold");
    units -= home === undefined ? 0 : sumOf(home, "rec#");
    for (const name of Object.keys(home ?? {}).filter((one) => one.startsWith("g#"))) {
      const absorbed = numberIn([...homes].find(([id]) => `g#${id}` === name)?.[1], `a#${from}`);
      const missing = numberIn(home, name) - absorbed;
      onTheWay += missing;
      if (missing < 0) {
        world.faults.push(`${name.slice(2)} absorbed more than ${from} granted`);
      }
    }
  }
  if (units + onTheWay !== restocked) {
    world.faults.push(`of ${restocked} units ${units} are in cells and ${onTheWay} on the way`);
  }
  const inItems = add([...homes.values()].map((home) => numberIn(home, "held") + numberIn(home, "sold")));
  if (inItems !== taken) {
    world.faults.push(`${inItems} units are held or sold in cells, and ${taken} in checkouts`);
  }
}

/** What counts of a region: all of it, what is left of it, or what was left when it was taken over. */
function countedStates(world: StockWorld, life: Life): ReadonlyMap<string, number> | undefined {
  const taken = world.reclaimed.get(life.origin);
  return taken?.states ?? (isLost(life) ? restsOf(world, life).states : undefined);
}

function countedItems(world: StockWorld): ReadonlyMap<CellId, StoredItem | undefined> {
  const lives = new Map<Origin, ReadonlyMap<string, number> | undefined>(
    world.lives.lives.map((life) => [life.origin, countedStates(world, life)]),
  );
  return new Map(
    [...statesByCell(world)].map(([id, states]) => {
      const counted = lives.get(cellOrigin(id));
      return [id, counted === undefined ? states.at(-1) : states[(counted.get(id) ?? 0) - 1]];
    }),
  );
}

/** Units that can still be sold by somebody: available, or on the way. */
function sellable(world: StockWorld): number {
  const items = countedItems(world);
  const gone = (id: CellId) => world.reclaimed.has(cellOrigin(id));
  let units = 0;
  for (const [from, item] of items) {
    units += gone(from) ? 0 : numberIn(item, "available");
    const takers = new Set(
      [...items].filter(([, taker]) => taker?.[`a#${from}`] !== undefined).map(([id]) => id),
    );
    for (const name of Object.keys(item ?? {})) {
      const id = name.startsWith("g#") ? name.slice(2) : "";
      if (isCellId(id)) {
        takers.add(id);
      }
    }
    for (const to of gone(from) ? [] : takers) {
      const onTheWay = numberIn(item, `g#${to}`) - numberIn(items.get(to), `a#${from}`);
      units += gone(to) ? Math.min(0, onTheWay) : onTheWay;
    }
  }
  return units;
}

/**
 * No unit is sold twice: what is sold and held, and what can be, is no more than came in. Where a region was lost, the
 * units that it took in states that nobody else has may be sold again, unless a witness knew of them; no others. While
 * nothing was lost that nobody else has, not one unit is missing either.
 */
function judgeUnits(world: StockWorld, taken: number, restocked: number): void {
  let tails = 0;
  let whole = !world.inexact;
  for (const life of world.lives.lives) {
    const reclaimed = world.reclaimed.get(life.origin);
    if (reclaimed !== undefined) {
      tails += reclaimed.tail;
    } else if (isLost(life)) {
      const rests = restsOf(world, life);
      tails += tailOf(world, life, rests.states, false);
      whole &&= rests.whole;
    }
  }
  const claimed = taken + sellable(world);
  if (claimed > restocked + tails) {
    world.faults.push(`${claimed} of ${restocked} units can be sold, with ${tails} in lost tails`);
  }
  count(world, "exact after a reclaim", whole && world.reclaimed.size > 0 ? 1 : 0);
  count(world, "two lost", world.lives.lives.filter(isLost).length > 1 ? 1 : 0);
  if (whole && claimed !== restocked) {
    world.faults.push(`only ${claimed} of ${restocked} units can be sold, and nothing was lost`);
  }
}

/** Judges a state of the world. */
export function judge(world: StockWorld): void {
  const standing = world.sales.filter(({ state }) => state !== "released");
  const taken = add(standing.flatMap(({ parts }) => parts.map(({ units }) => units)));
  const restocked = add([...world.restocked.values()]) + world.recounted;
  judgeStates(world);
  judgeHomes(world, taken, restocked);
  judgeUnits(world, taken, restocked);
}
