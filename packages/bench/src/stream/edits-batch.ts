import { itemToEdits, type Origin, planEdit, type StoredItem, toAttributes } from "@antipode/core";
import { homeOrigin, operationIdAt, origins, productIdAt, sampleProductItems } from "../store/sample-shop.ts";

const nowMs = 1_760_000_000_000;

/** What a region's replica holds, and the stream's batch that brought it there. */
export interface EditsBatch {
  readonly catalog: readonly StoredItem[];
  /** With the offers, as they were before the batch. */
  readonly views: readonly StoredItem[];
  /** The batch as JSON text, as it comes to the function. */
  readonly event: string;
  readonly records: number;
  /** Products of which two regions edited one field at once. */
  readonly conflicts: number;
}

function editBy(origin: Origin, product: number, base: StoredItem): StoredItem {
  const seen = itemToEdits(base);
  if (!seen.ok) {
    throw new Error(seen.error.reason);
  }
  const plan = planEdit([seen.value], origin, {
    productId: productIdAt(product),
    operationId: operationIdAt(nowMs, 10 * product + origins.indexOf(origin)),
    changes: [{ field: "title", value: `Desk lamp ${product}, as ${origin} calls it` }],
    nowMs: nowMs + 1_000,
  });
  if (plan.type !== "write") {
    throw new Error(`product ${product}: ${plan.type}`);
  }
  return plan.item;
}

function record(item: StoredItem, before: StoredItem | undefined, number: number) {
  return {
    eventID: `event-${number}`,
    eventName: before === undefined ? "INSERT" : "MODIFY",
    eventVersion: "1.1",
    eventSource: "aws:dynamodb",
    awsRegion: "us-east-1",
    dynamodb: {
      ApproximateCreationDateTime: nowMs / 1000,
      Keys: toAttributes({ pk: item.pk, sk: item.sk }),
      NewImage: toAttributes(item),
      ...(before === undefined ? {} : { OldImage: toAttributes(before) }),
      SequenceNumber: String(number).padStart(21, "0"),
      SizeBytes: 2_000,
      StreamViewType: "NEW_AND_OLD_IMAGES",
    },
  };
}

/** So many records, 40 % of them edits of one field in two regions at once; the others are the home region's. */
export function editsBatch(records: number): EditsBatch {
  const conflicts = Math.floor((records * 0.4) / 2);
  const products = records - conflicts;
  const [, second = homeOrigin, third = homeOrigin] = origins;
  const catalog: StoredItem[] = [];
  const views: StoredItem[] = [];
  const found: ReturnType<typeof record>[] = [];
  for (let product = 0; product < products; product += 1) {
    const base = sampleProductItems(product, nowMs);
    views.push(base.view, ...base.offers);
    if (product < conflicts) {
      const edits = [second, third].map((origin) => editBy(origin, product, base.catalog));
      catalog.push(base.catalog, ...edits);
      found.push(...edits.map((edit, place) => record(edit, undefined, found.length + place)));
    } else {
      const edit = editBy(homeOrigin, product, base.catalog);
      catalog.push(edit);
      found.push(record(edit, base.catalog, found.length));
    }
  }
  return { catalog, views, event: JSON.stringify({ Records: found }), records: found.length, conflicts };
}
