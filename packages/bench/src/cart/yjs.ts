import { isSku, type Sku } from "@antipode/core";
import * as Y from "yjs";
import type { CartForm, StoredCart } from "./cart-form.ts";
import { type CartEdit, type CartHistory, type Lines, regionCount } from "./history.ts";

interface Region {
  readonly doc: Y.Doc;
  /** The updates that began here. */
  readonly own: Uint8Array[];
}

const fromElsewhere = Symbol("replicated");

function createRegion(number: number): Region {
  const doc = new Y.Doc();
  doc.clientID = number + 1;
  const own: Uint8Array[] = [];
  doc.on("update", (update: Uint8Array, from: unknown) => {
    if (from !== fromElsewhere) {
      own.push(update);
    }
  });
  return { doc, own };
}

type Apply = (lines: Y.Map<unknown>, edit: CartEdit) => void;
type Read = (lines: Y.Map<unknown>) => Lines;

/**
 * Plays the history on four documents. What a region stores is the updates that began in it, joined: the smallest
 * form, and the same division as one item a region.
 */
function play({ shared, concurrent }: CartHistory, apply: Apply, read: Read): StoredCart {
  const regions = Array.from({ length: regionCount }, (_, number) => createRegion(number));
  const run = (edit: CartEdit) => {
    const doc = regions[edit.region]?.doc;
    doc?.transact(() => apply(doc.getMap("lines"), edit));
  };
  shared.forEach(run);
  const before = regions.map(({ own }) => Y.mergeUpdates(own));
  for (const { doc } of regions) {
    for (const update of before) {
      Y.applyUpdate(doc, update, fromElsewhere);
    }
  }
  concurrent.forEach(run);
  const stored = regions.map(({ own }) => Y.mergeUpdates(own));
  return {
    merge() {
      const doc = new Y.Doc();
      for (const update of stored) {
        Y.applyUpdate(doc, update);
      }
      return read(doc.getMap("lines"));
    },
    bytes: stored.reduce((sum, update) => sum + update.length, 0),
  };
}

function checkedSku(text: string): Sku {
  if (!isSku(text)) {
    throw new Error(`not a SKU: ${text}`);
  }
  return text;
}

/** A number for each line: what a shop writes that takes Yjs for a replicated map. */
export const yjsNumbers: CartForm = {
  name: "Yjs, a number a line",
  play: (history) =>
    play(
      history,
      (lines, edit) => {
        if (edit.type === "remove") {
          lines.delete(edit.sku);
        } else {
          const before = edit.type === "add" ? Number(lines.get(edit.sku) ?? 0) : 0;
          lines.set(edit.sku, before + edit.quantity);
        }
      },
      (lines) => new Map([...lines].map(([sku, quantity]) => [checkedSku(sku), Number(quantity)])),
    ),
};

function readOperations(lines: Y.Map<unknown>): Lines {
  const set = new Map<Sku, number>();
  const added = new Map<Sku, number>();
  for (const text of lines.values()) {
    const [skuText = "", kind, digits] = String(text).split("|");
    const sku = checkedSku(skuText);
    const quantity = Number(digits);
    if (kind === "=") {
      set.set(sku, Math.max(set.get(sku) ?? 0, quantity));
    } else {
      added.set(sku, (added.get(sku) ?? 0) + quantity);
    }
  }
  return new Map(
    [...new Set([...set.keys(), ...added.keys()])].map((sku) => [
      sku,
      (set.get(sku) ?? 0) + (added.get(sku) ?? 0),
    ]),
  );
}

/** Our operations, kept in a Yjs map by id and deleted when seen by a set or a removal: as right as ours. */
export const yjsOperations: CartForm = {
  name: "Yjs, an operation an entry",
  play: (history) =>
    play(
      history,
      (lines, edit) => {
        if (edit.type !== "add") {
          for (const [id, text] of [...lines]) {
            if (String(text).startsWith(`${edit.sku}|`)) {
              lines.delete(id);
            }
          }
        }
        if (edit.type !== "remove") {
          lines.set(String(edit.id), `${edit.sku}|${edit.type === "add" ? "+" : "="}|${edit.quantity}`);
        }
      },
      readOperations,
    ),
};
