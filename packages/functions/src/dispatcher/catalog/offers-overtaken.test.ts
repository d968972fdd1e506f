import { type Items, ok, viewKey } from "@antipode/core";
import { describe, expect, test } from "vitest";
import { lamp, viewsIn } from "../../testing/catalog.ts";
import {
  made,
  type OfferRegion,
  offerRegion,
  other,
  skus,
  three,
  variantsOf,
} from "../../testing/offer-region.ts";
import { rebuildView } from "./rebuild-view.ts";

/** The region's store to a rebuild whose first transaction meets something else. */
function overtaken(
  { items }: OfferRegion,
  when: "before" | "after",
  overtake: () => Promise<unknown>,
): Items {
  let waiting = true;
  return {
    ...items,
    async transact(...args) {
      const first = waiting;
      waiting = false;
      if (first && when === "before") {
        await overtake();
      }
      const outcome = await items.transact(...args);
      if (first && when === "after") {
        await overtake();
      }
      return outcome;
    },
  };
}

/** Another edit, and its whole rebuild. */
const retitled =
  ({ edit, rebuild }: OfferRegion, title: string) =>
  async () => {
    edit({ title });
    await rebuild();
  };

const titlesOf = ({ offer }: OfferRegion, count: number) =>
  new Set(skus(count).map((_, at) => offer(at)?.holder.offered?.productTitle));

describe("more offers than one transaction takes", () => {
  const many = { ...lamp, variants: variantsOf(100) };
  const transactions = (calls: readonly string[]) => calls.filter((call) => call.startsWith("Transact"));

  test("are written before the view, and the next rebuild goes on when that was cut short", async () => {
    const here = offerRegion(many);
    const lost = { type: "unavailable", operation: "TransactWriteItems Views", reason: "gone" } as const;
    here.items.failNext("TransactWriteItems", lost, { after: true });
    expect((await here.rebuild()).outcome).toMatchObject({ ok: false, error: { passing: true } });
    expect(here.items.dump("Views")).toHaveLength(99);
    expect(viewsIn(here.items)).toEqual([]);
    expect(transactions((await here.rebuild()).calls)).toHaveLength(1);
    expect(here.items.dump("Views")).toHaveLength(101);
    here.edit({ title: "Lampe" });
    expect(transactions((await here.rebuild()).calls)).toHaveLength(2);
    expect(here.offer(99)?.holder.offered?.productTitle).toBe("Lampe");
  });

  test("are not begun for a view that has moved on, although the offers have not", async () => {
    const here = offerRegion(many);
    await here.rebuild();
    here.edit({ title: "Lampe" });
    const slow = overtaken(here, "before", retitled(here, "Lamp"));
    const lost = { type: "unavailable", operation: "TransactWriteItems Views", reason: "gone" } as const;
    here.items.failNext("TransactWriteItems", lost, { after: true });
    expect(await rebuildView({ ...here.deps, items: slow }, lamp.id)).toMatchObject({ ok: false });
    expect(titlesOf(here, 100)).toEqual(new Set(["Lamp"]));
  });

  test("leave what they have not written to whoever has moved the view on", async () => {
    const here = offerRegion(many);
    await here.rebuild();
    here.edit({ title: "Lampe" });
    const slow = overtaken(here, "after", retitled(here, "Lampada"));
    expect(await rebuildView({ ...here.deps, items: slow }, lamp.id)).toEqual(ok("up-to-date"));
    expect(titlesOf(here, 100)).toEqual(new Set(["Lampada"]));
    expect(viewsIn(here.items)).toMatchObject([{ ...viewKey(lamp.id), title: "Lampada" }]);
  });
});

describe("a rebuild that is overtaken", () => {
  test("mends no offer behind a view that has moved on", async () => {
    const here = offerRegion(three);
    await here.rebuild();
    const [wrong] = made({ ...three, title: "Lampe" }).offers;
    here.items.load("Views", wrong ? [wrong] : []);
    const slow = overtaken(here, "before", retitled(here, "Lampe"));
    expect(await rebuildView({ ...here.deps, items: slow }, lamp.id)).toEqual(ok("up-to-date"));
    expect(titlesOf(here, 3)).toEqual(new Set(["Lampe"]));
  });

  test("keeps the claim of another product that came meanwhile", async () => {
    const here = offerRegion(three, other);
    const slow = overtaken(here, "before", () => here.rebuild(other.id));
    expect(await rebuildView({ ...here.deps, items: slow }, lamp.id)).toEqual(ok("written"));
    expect(here.offer()).toMatchObject({ holder: { productId: other.id }, others: [{ productId: lamp.id }] });
    expect(here.counters()).toEqual([2, 1, 1]);
  });

  test("reads again when an offer is of a later version than it has read", async () => {
    const here = offerRegion(three);
    const known = here.items.dump("Catalog");
    here.edit({ title: "Lampe" });
    const ahead = offerRegion(three);
    ahead.items.load("Catalog", here.items.dump("Catalog"));
    await ahead.rebuild();
    here.items.load(
      "Views",
      ahead.items.dump("Views").filter(({ sk }) => sk === "OFFER"),
    );
    expect(await rebuildView(here.deps, lamp.id, { known })).toEqual(ok("written"));
    expect(viewsIn(here.items)).toMatchObject([{ title: "Lampe" }]);
    expect(here.counters()).toEqual([1, 1, 1]);
  });
});
