import { isSku } from "@antipode/core";
import * as Automerge from "@automerge/automerge";
import type { CartForm, StoredCart } from "./cart-form.ts";
import { type CartEdit, type CartHistory, type Lines, regionCount } from "./history.ts";

type CartDoc = { lines: Record<string, Automerge.Counter> };
type Doc = Automerge.Doc<CartDoc>;

const actorOf = (region: number) => (region + 1).toString(16).padStart(32, "0");

function apply({ lines }: CartDoc, edit: CartEdit): void {
  if (edit.type === "remove") {
    delete lines[edit.sku];
    return;
  }
  const line = lines[edit.sku];
  if (edit.type === "add" && line !== undefined) {
    line.increment(edit.quantity);
  } else {
    lines[edit.sku] = new Automerge.Counter(edit.quantity);
  }
}

function readLines({ lines }: Doc): Lines {
  return new Map(
    Object.entries(lines).map(([sku, quantity]) => {
      if (!isSku(sku)) {
        throw new Error(`not a SKU: ${sku}`);
      }
      return [sku, quantity.value];
    }),
  );
}

function mergeStored(stored: readonly Uint8Array[]): Doc {
  const [first, ...others] = stored.map((bytes) => Automerge.load<CartDoc>(bytes));
  if (first === undefined) {
    throw new Error("nothing is stored");
  }
  return others.reduce((merged, other) => {
    const next = Automerge.merge(merged, other);
    Automerge.free(other);
    return next;
  }, first);
}

/** A counter for each line, as its documentation says for quantities. Each region stores its whole document. */
export const automergeCounters: CartForm = {
  name: "Automerge, a counter a line",
  play({ shared, concurrent }: CartHistory): StoredCart {
    const empty = Automerge.from<CartDoc>({ lines: {} }, { actor: actorOf(regionCount) });
    const start = shared.reduce((doc, edit) => Automerge.change(doc, (cart) => apply(cart, edit)), empty);
    const docs = Array.from({ length: regionCount }, (_, region) =>
      concurrent
        .filter((edit) => edit.region === region)
        .reduce(
          (doc, edit) => Automerge.change(doc, (cart) => apply(cart, edit)),
          Automerge.clone(start, { actor: actorOf(region) }),
        ),
    );
    const stored = docs.map((doc) => Automerge.save(doc));
    const merged = mergeStored(stored);
    const bytes = Automerge.save(merged).length;
    [...docs, start, merged].forEach((doc) => {
      Automerge.free(doc);
    });
    return {
      merge() {
        const doc = mergeStored(stored);
        const lines = readLines(doc);
        Automerge.free(doc);
        return lines;
      },
      bytes,
    };
  },
};
