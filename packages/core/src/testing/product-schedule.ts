import { type FieldEdit, planEdit, productToChanges } from "../catalog/edit.ts";
import { newestEdits } from "../catalog/fold.ts";
import { productToItems } from "../catalog/import.ts";
import type { Product } from "../catalog/product.ts";
import { itemToEdits, type ProductEdits } from "../catalog/product-edits.ts";
import type { Stamp } from "../clock/stamp.ts";
import type { Origin } from "../ids/origin.ts";
import type { OperationId } from "../ids/ulid.ts";
import type { StoredItem } from "../items/item.ts";
import { operationId, origin, origins, ulidAt } from "./arbitraries.ts";
import { createFakeItems } from "./fake-items.ts";
import { black, changesOf, type ProductStep, scheduledId } from "./product-steps.ts";

const startMs = 1_760_000_000_000;

/** One acknowledged edit that was written, as the history tells it. */
export interface EditEvent {
  readonly origin: Origin;
  readonly counter: number;
  readonly operationId: OperationId;
  readonly changes: readonly FieldEdit[];
  readonly nowMs: number;
  /** As the written item says. */
  readonly stamp: Stamp;
  /** What its region had received, or read elsewhere, when it was made. Kept by the play, not taken from clocks. */
  readonly seen: readonly EditEvent[];
}

export interface ProductRun {
  readonly events: readonly EditEvent[];
  /** Every state that any origin's item ever had, in the order of writing. */
  readonly versions: readonly ProductEdits[];
  /** What each region holds in the end. */
  readonly held: readonly (readonly ProductEdits[])[];
  /** Retries that were answered without a write, with what their region had seen. */
  readonly answered: readonly { readonly operationId: OperationId; readonly seen: readonly EditEvent[] }[];
  /** What was in sight right after each write, with the write in it. */
  readonly afterwards: readonly { readonly event: EditEvent; readonly sight: readonly ProductEdits[] }[];
}

const first: Product = {
  id: scheduledId,
  category: "home",
  title: "Lamp",
  description: "",
  media: [],
  variants: [{ sku: black, title: "Black", prices: [{ amountMinor: 300, currency: "EUR" }] }],
};

/** The import is an edit of an origin that takes no other. */
const importer = origin("sa-east-1#1");
const imported = productToItems(first, importer, { ms: startMs, counter: 0, origin: importer }).catalog;

export function readEdits(items: Iterable<StoredItem>): readonly ProductEdits[] {
  return [...items].map((item) => {
    const edits = itemToEdits(item);
    if (!edits.ok) {
      throw new Error(JSON.stringify(edits.error));
    }
    return edits.value;
  });
}

/** The events that these items contain: of each origin those up to the item's write. */
export function eventsIn(events: readonly EditEvent[], items: Iterable<ProductEdits>): readonly EditEvent[] {
  const upTo = new Map(newestEdits(items).map(({ origin, counter }) => [origin, counter]));
  return events.filter((event) => event.counter <= (upTo.get(event.origin) ?? 0));
}

function firstEvent(item: ProductEdits): EditEvent {
  const [register] = item.registers.values();
  if (register === undefined) {
    throw new Error("the import holds no field");
  }
  const { stamp, operationId } = register;
  const changes = productToChanges(first);
  return { origin: importer, counter: 1, operationId, changes, nowMs: startMs, stamp, seen: [] };
}

/** The regions of a play, and what it keeps of their history. */
function createPlay() {
  const versions = [...readEdits([imported])];
  const regions = origins.map((own) => ({
    own,
    /** The own item, where conditions are judged. What replication brought is in `held` alone: no write looks at it. */
    items: createFakeItems(own),
    held: versions as readonly ProductEdits[],
    beforeLastEdit: versions as readonly ProductEdits[],
  }));
  const [importItem] = versions;
  const run = {
    events: importItem === undefined ? [] : [firstEvent(importItem)],
    versions,
    answered: [] as { operationId: OperationId; seen: readonly EditEvent[] }[],
    afterwards: [] as { event: EditEvent; sight: readonly ProductEdits[] }[],
  };
  let reborn = false;
  return {
    regions,
    run,
    beReborn: () => {
      reborn = true;
    },
    /** Two incarnations never write in turn: the old one until it is lost, then the new one. */
    writer: (at: number) => {
      const writing = at === 0 || at === 3 ? (reborn ? 3 : 0) : at;
      const region = regions[writing];
      if (region === undefined) {
        throw new Error(`no region ${at}`);
      }
      return region;
    },
  };
}

type Play = ReturnType<typeof createPlay>;

const ofOrigin = (edits: readonly ProductEdits[], origin: Origin) =>
  edits.filter((one) => one.origin === origin);

async function playEdit(play: Play, step: Extract<ProductStep, { type: "edit" }>, atMs: number) {
  const { run } = play;
  const region = play.writer(step.at);
  const nowMs = atMs + step.skewMs;
  const elsewhere = play.regions[step.alsoFrom];
  const theirs = elsewhere === undefined ? [] : ofOrigin(elsewhere.held, elsewhere.own);
  const change = {
    productId: scheduledId,
    operationId: operationId(ulidAt(startMs + 1_000, step.operation)),
    changes: changesOf(step.operation),
    nowMs,
  };
  const tries = step.stale ? [region.beforeLastEdit, undefined] : [undefined];
  for (const held of tries) {
    const sight = [...(held ?? region.held), ...theirs];
    const seen = eventsIn(run.events, sight);
    const plan = planEdit(sight, region.own, change);
    if (plan.type !== "write") {
      run.answered.push({ operationId: change.operationId, seen });
      return;
    }
    const outcome = await region.items.put("Catalog", plan.item, plan.onlyIf);
    if (outcome.ok && outcome.value.type === "written") {
      const [written] = readEdits([plan.item]);
      const stamp = written?.registers.get(change.changes[0]?.field ?? "title")?.stamp;
      if (written === undefined || stamp === undefined) {
        throw new Error("the written item lacks its edit");
      }
      const event = { ...change, origin: region.own, counter: written.counter, stamp, seen };
      run.events.push(event);
      run.versions.push(written);
      run.afterwards.push({ event, sight: [...sight, written] });
      region.beforeLastEdit = region.held;
      region.held = newestEdits([...region.held, written]);
      return;
    }
  }
  throw new Error("refused though nothing was written since it was read");
}

function deliver({ regions, run }: Play, step: Extract<ProductStep, { type: "deliver" }>): void {
  const from = regions[step.from];
  const to = regions[step.to];
  if (from === undefined || to === undefined) {
    throw new Error(`no region ${step.from} or ${step.to}`);
  }
  const written = ofOrigin(run.versions, from.own);
  const version = written[Math.max(0, written.length - 1 - step.behind)];
  const [known] = ofOrigin(to.held, from.own);
  if (version !== undefined && version.counter > (known?.counter ?? 0)) {
    to.held = newestEdits([...to.held, version]);
  }
}

/** Plays a schedule against one store for each region, through the shipped plan and its condition. */
export async function playProduct(steps: readonly ProductStep[]): Promise<ProductRun> {
  const play = createPlay();
  const { regions, run } = play;
  for (const [index, step] of steps.entries()) {
    if (step.type === "edit") {
      await playEdit(play, step, startMs + 60_000 * (index + 1));
    } else if (step.type === "reborn") {
      play.beReborn();
    } else {
      deliver(play, step);
    }
  }
  return { ...run, held: regions.map(({ held }) => held) };
}
