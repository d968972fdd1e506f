import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CellId, cellOrigin } from "../ids/cell-id.ts";
import { createFakeItems } from "../testing/fake-items.ts";
import { got } from "../testing/stock-lives.ts";
import { anyView, keptBy, keptForAMoment, unitsAt } from "../testing/stock-views.ts";
import { type Cells, cellToItem, stockPartition } from "./cell-item.ts";
import { balanceOf, cellsOf, firstCell, unitsOf } from "./cells.ts";
import { planDirectAsk, planDirectGrant } from "./direct-ask.ts";
import { planRebalance, type StockAction } from "./rebalance.ts";
import type { StockView } from "./stock-view.ts";

type Action<Type extends StockAction["type"]> = Extract<StockAction, { type: Type }>;

function actionsOf<Type extends StockAction["type"]>(actions: readonly StockAction[], type: Type) {
  return actions.filter((action): action is Action<Type> => action.type === type);
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
const none = new Map<never, number>();
const granted = (cells: Cells, from: CellId, to: CellId) => cells.get(from)?.granted.get(to) ?? 0;
const absorbed = (cells: Cells, from: CellId, to: CellId) => cells.get(to)?.absorbed.get(from) ?? 0;

/** What the region has once it has taken over what it sees granted. */
function haveOf(view: StockView, actions: readonly StockAction[]): number {
  return unitsAt(view.cells.values(), view.me) + sum(actionsOf(actions, "absorb").map(({ units }) => units));
}

/** Makes the actions on a store that holds the own cells as they were seen. */
async function made(view: StockView, actions: readonly { readonly writes: StockAction["writes"] }[]) {
  const items = createFakeItems(view.me);
  items.load(
    "Stock",
    [...view.cells.values()].filter(({ id }) => cellOrigin(id) === view.me).map(cellToItem),
  );
  const outcomes: string[] = [];
  for (const { writes } of actions) {
    outcomes.push(got(await items.transact(writes)).type);
  }
  const after = got(cellsOf(got(await items.queryPartition("Stock", stockPartition(view.sku)))));
  return { outcomes, after };
}

async function always(check: (view: StockView, actions: readonly StockAction[]) => Promise<void> | void) {
  await fc.assert(
    fc.asyncProperty(anyView, async (view) => {
      await check(view, planRebalance(view));
    }),
    { numRuns: 700 },
  );
}

describe("a rebalance on any view", () => {
  test("can be made as planned, makes no units, and leaves every cell what its numbers say", async () => {
    const seen = new Map<string, number>();
    await always(async (view, actions) => {
      const { outcomes, after } = await made(view, actions);
      expect(outcomes).toEqual(actions.map(() => "written"));
      const given = sum(actionsOf(actions, "grant").map(({ units }) => units));
      expect(unitsAt(after.values(), view.me)).toBe(haveOf(view, actions) - given);
      for (const cell of after.values()) {
        expect(cell.available).toBe(balanceOf(cell));
        expect(cell.available).toBeGreaterThanOrEqual(0);
      }
      for (const { type } of actions) {
        seen.set(type, (seen.get(type) ?? 0) + 1);
      }
    });
    const types: StockAction["type"][] = [
      "absorb",
      "transfer",
      "grant",
      "want",
      "take-back",
      "more-cells",
      "drop-windows",
    ];
    expect(types.filter((type) => (seen.get(type) ?? 0) < 12)).toEqual([]);
  });

  test("takes over exactly what was granted and not taken over yet, but from nobody who is fenced", async () => {
    await always((view, actions) => {
      const own = new Set([...view.cells.keys()].filter((id) => cellOrigin(id) === view.me));
      for (const id of own) {
        for (const from of view.cells.values()) {
          const due = Math.max(0, granted(view.cells, from.id, id) - absorbed(view.cells, from.id, id));
          const taken = actionsOf(actions, "absorb").filter((one) => one.from === from.id && one.to === id);
          const mayTake = cellOrigin(from.id) !== view.me && !view.fenced.has(cellOrigin(from.id));
          expect(sum(taken.map(({ units }) => units))).toBe(mayTake ? due : 0);
        }
      }
    });
  });

  test("never grants below what the region keeps, nor beyond what was asked, lately, by one who is not fenced", async () => {
    await always((view, actions) => {
      const grants = actionsOf(actions, "grant");
      const spare = haveOf(view, actions) - keptBy(view.cells, view.me);
      expect(sum(grants.map(({ units }) => units))).toBeLessThanOrEqual(Math.max(0, spare));
      for (const { from, to, units } of grants) {
        const asker = view.cells.get(to);
        expect(units).toBeLessThanOrEqual(
          unitsOf(asker?.wanted ?? none, from) - granted(view.cells, from, to),
        );
        expect(asker?.wantedAtMs).toBeGreaterThanOrEqual(view.nowMs - 60_000);
        expect(view.regions).toContain(cellOrigin(to));
        expect(view.fenced.has(cellOrigin(to))).toBe(false);
      }
    });
  });

  test("gives what is asked as far as it has it to spare", async () => {
    await always((view, actions) => {
      const spare = haveOf(view, actions) - keptBy(view.cells, view.me);
      const given = sum(actionsOf(actions, "grant").map(({ units }) => units));
      const moving = actionsOf(actions, "transfer").length > 0;
      const open = [...view.cells.values()].flatMap((asker) => {
        const counts =
          view.leaseRunning &&
          cellOrigin(asker.id) !== view.me &&
          view.regions.includes(cellOrigin(asker.id)) &&
          !view.fenced.has(cellOrigin(asker.id)) &&
          asker.wantedAtMs >= view.nowMs - 60_000;
        return [...asker.wanted]
          .filter(
            ([from]) => counts && cellOrigin(from) === view.me && (view.cells.get(from)?.available ?? 0) > 0,
          )
          .map(([from, target]) => target - granted(view.cells, from, asker.id));
      });
      if (!moving && open.some((units) => units > 0) && spare > 0) {
        expect(given).toBeGreaterThan(0);
      }
    });
  });

  test("asks only when short, for no more than it lacks, and each donor for what it seems to have to spare", async () => {
    await always((view, actions) => {
      const keep = keptBy(view.cells, view.me);
      const have = haveOf(view, actions);
      const first = firstCell(view.me);
      for (const { targets } of actionsOf(actions, "want")) {
        expect(have).toBeLessThan(keep);
        const asked = [...targets].map(([from, target]) => {
          const before = Math.max(granted(view.cells, from, first), absorbed(view.cells, from, first));
          const origin = cellOrigin(from);
          const spare = unitsAt(view.cells.values(), origin) - keptBy(view.cells, origin);
          expect(target - before).toBeGreaterThan(0);
          expect(target - before).toBeLessThanOrEqual(Math.min(spare, view.cells.get(from)?.available ?? 0));
          expect(view.regions).toContain(origin);
          expect(view.fenced.has(origin)).toBe(false);
          return target - before;
        });
        expect(sum(asked)).toBeLessThanOrEqual(2 * keep - have);
        const wantedAtMs = view.cells.get(first)?.wantedAtMs ?? 0;
        expect(wantedAtMs === 0 || view.nowMs - wantedAtMs >= 5_000).toBe(true);
      }
      if (have >= keep && view.leaseRunning) {
        const left = actionsOf(actions, "take-back").length > 0;
        expect(left).toBe((view.cells.get(first)?.wanted.size ?? 0) > 0);
      }
    });
  });

  test("without a lease it gives nothing and asks for nothing", async () => {
    await always((view) => {
      const types = new Set(planRebalance({ ...view, leaseRunning: false }).map(({ type }) => type));
      expect([...types].filter((type) => type !== "absorb" && type !== "drop-windows")).toEqual([]);
    });
  });

  test("evens out: no cell that was filled has more than its share, none that gave has less", async () => {
    await always(async (view, actions) => {
      const absorbs = actionsOf(actions, "absorb");
      const transfers = actionsOf(actions, "transfer");
      const { after } = await made(view, [...absorbs, ...transfers]);
      const first = view.cells.get(firstCell(view.me));
      const known = [...after.keys()].filter((id) => cellOrigin(id) === view.me).length;
      const even = Math.floor(haveOf(view, actions) / Math.max(known, first?.cellCount ?? 1));
      for (const { from, to } of transfers) {
        expect(after.get(to)?.available).toBeLessThanOrEqual(even);
        expect(after.get(from)?.available).toBeGreaterThanOrEqual(even);
      }
    });
  });
});

describe("a direct ask on any view", () => {
  const anyNeed = fc.integer({ min: 1, max: 30 });

  test("asks a few regions for exactly what is missing, and nobody only where those could not give it", () => {
    let asked = 0;
    fc.assert(
      fc.property(anyView, anyNeed, (view, units) => {
        const asks = planDirectAsk(view, { units });
        const spares = view.regions
          .filter((origin) => origin !== view.me && !view.fenced.has(origin))
          .map((origin) => unitsAt(view.cells.values(), origin) - keptForAMoment(view.cells, origin))
          .sort((left, right) => right - left);
        expect(asks.length > 0).toBe(sum(spares.filter((spare) => spare > 0).slice(0, 3)) >= units);
        const parts = asks.map(({ from, to, target }) => {
          expect(view.fenced.has(cellOrigin(from)) || cellOrigin(from) === view.me).toBe(false);
          return target - Math.max(granted(view.cells, from, to), absorbed(view.cells, from, to));
        });
        expect([0, units]).toContain(sum(parts));
        expect(parts.every((part) => part > 0)).toBe(true);
        expect(new Set(asks.map(({ from }) => cellOrigin(from))).size).toBeLessThanOrEqual(3);
        asked += asks.length > 0 ? 1 : 0;
      }),
      { numRuns: 700 },
    );
    expect(asked).toBeGreaterThan(100);
  });

  test("is granted as far as there is more than a moment's demand, once however often it is sent", async () => {
    let grants = 0;
    await fc.assert(
      fc.asyncProperty(anyView, anyNeed, fc.nat({ max: 2 }), async (view, units, number) => {
        const own = [...view.cells.values()].filter(({ id }) => cellOrigin(id) === view.me);
        const from = own[number % Math.max(1, own.length)];
        const asker = view.regions[1];
        if (from === undefined || asker === undefined) {
          return;
        }
        const to = firstCell(asker);
        const ask = { sku: view.sku, from: from.id, to, target: unitsOf(from.granted, to) + units };
        const answer = planDirectGrant(view, ask);
        expect(answer.ok).toBe(view.leaseRunning && !view.fenced.has(asker));
        if (!answer.ok || answer.value.type !== "grant") {
          return;
        }
        const { after, outcomes } = await made(view, [{ writes: [answer.value.write] }]);
        const given = (after.get(from.id)?.granted.get(to) ?? 0) - unitsOf(from.granted, to);
        expect(outcomes).toEqual(["written"]);
        expect(given).toBeLessThanOrEqual(units);
        const spare = unitsAt(own, view.me) - keptForAMoment(view.cells, view.me);
        expect(given).toBe(Math.min(units, spare, from.available));
        expect(answer.value.granted).toBe(after.get(from.id)?.granted.get(to));
        expect(unitsAt(after.values(), view.me)).toBe(unitsAt(own, view.me) - given);
        const again = planDirectGrant({ ...view, cells: new Map([...view.cells, ...after]) }, ask);
        expect(again).toEqual({
          ok: true,
          value: { type: "nothing-to-grant", granted: answer.value.granted },
        });
        grants += 1;
      }),
      { numRuns: 700 },
    );
    expect(grants).toBeGreaterThan(100);
  });
});
