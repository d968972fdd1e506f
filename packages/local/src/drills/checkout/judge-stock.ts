import type { CellsView, SeenCell } from "./history.ts";

export interface StockVerdict {
  /** Units of the cells at home, less the units that were restocked: 0 when none came from nowhere or went. */
  readonly difference: number;
  /** Units sold, as the cells at home have it. */
  readonly sold: number;
  readonly broken: readonly string[];
}

export interface StockFacts {
  readonly sku: string;
  /** Units of all deliveries, each counted once. */
  readonly delivered: number;
  /** Units of all orders that stand. */
  readonly ordered: number;
}

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
const sumOf = (units: Readonly<Record<string, number>>) => sum(Object.values(units));

/** What is or was in a cell, and what it gave away that nobody has absorbed, as far as the other cells are known. */
function accounted(cells: readonly SeenCell[]): number {
  return sum(
    cells.map(
      ({ available, held, sold, granted, absorbed }) =>
        available + held + sold + sumOf(granted) - sumOf(absorbed),
    ),
  );
}

/** Of every region the cells that it writes itself, as it says: nobody knows them better. */
export function homeCells(views: readonly CellsView[]): readonly SeenCell[] {
  return views.flatMap(({ region, cells }) => cells.filter(({ cell }) => cell.startsWith(`${region}#`)));
}

/** Judges one SKU's cells when everything is mended and finished. */
export function judgeStock(
  { sku, delivered, ordered }: StockFacts,
  views: readonly CellsView[],
): StockVerdict {
  const ofSku = views.filter((view) => view.sku === sku);
  const home = homeCells(ofSku);
  const restocked = sum(home.map((cell) => cell.restocked));
  const sold = sum(home.map((cell) => cell.sold));
  const difference = accounted(home) - restocked;
  const broken = [
    ...differing(ofSku),
    ...home.flatMap(brokenCell),
    ...inFlight(home),
    ...ofSku.flatMap(({ region, cells }) => {
      const off = accounted(cells) - sum(cells.map((cell) => cell.restocked));
      return off === 0 ? [] : [`by what ${region} shows, ${describeOff(off)}`];
    }),
    ...(difference === 0 ? [] : [`by the cells at home, ${describeOff(difference)}`]),
    ...(restocked === delivered ? [] : [`${restocked} units count as restocked, where ${delivered} came`]),
    ...(sold === ordered ? [] : [`cells sold ${sold} units, and standing orders have ${ordered}`]),
  ].map((line) => `${sku}: ${line}`);
  return { difference, sold, broken };
}

const describeOff = (off: number) =>
  off > 0 ? `${off} units came from nowhere` : `${-off} units are nowhere`;

function differing(views: readonly CellsView[]): readonly string[] {
  const texts = new Set(views.map(({ cells }) => cellsText(cells)));
  return texts.size > 1 ? [`regions still differ: ${[...texts].join(" against ")}`] : [];
}

function brokenCell({ cell, available, held }: SeenCell): readonly string[] {
  return [
    ...(available < 0 ? [`${cell} has ${available} units available`] : []),
    ...(held === 0 ? [] : [`${cell} still holds ${held} units that no order has`]),
  ];
}

/** With everything delivered what was granted has been absorbed: what has not is lost to both. */
function inFlight(cells: readonly SeenCell[]): readonly string[] {
  return cells.flatMap(({ cell, granted }) =>
    Object.entries(granted).flatMap(([to, units]) => {
      const absorbed = cells.find((other) => other.cell === to)?.absorbed[cell] ?? 0;
      return absorbed === units
        ? []
        : [`${cell} granted ${units} units to ${to}, which absorbed ${absorbed}`];
    }),
  );
}

/** One text for equal cells, in whatever order. */
export const cellsText = (cells: CellsView["cells"]): string =>
  cells
    .map(({ cell, granted, absorbed, ...counts }) =>
      [cell, JSON.stringify(counts), unitsText(granted), unitsText(absorbed)].join(" "),
    )
    .sort()
    .join("; ");

const unitsText = (units: Readonly<Record<string, number>>): string =>
  Object.entries(units)
    .filter(([, count]) => count !== 0)
    .map(([cell, count]) => `${cell}=${count}`)
    .sort()
    .join(",");
