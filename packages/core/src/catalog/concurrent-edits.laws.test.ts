import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareStamps } from "../clock/stamp.ts";
import { compareVectors, mergeVectors } from "../clock/version-vector.ts";
import type { ItemValue } from "../items/item.ts";
import { type EditEvent, eventsIn, type ProductRun, playProduct } from "../testing/product-schedule.ts";
import { expectedField, standingEvents } from "../testing/product-spec.ts";
import { anyProductSteps, black, scheduledId, scheduledPrice } from "../testing/product-steps.ts";
import { unreplaced } from "./conflicts.ts";
import { type FieldName, plainFields } from "./fields.ts";
import { editsVector, foldProduct, newestEdits, type ProductView } from "./fold.ts";
import type { ProductEdits } from "./product-edits.ts";

/** Two thousand schedules take some seconds, and many times that on a machine that does much else. */
const timeoutMs = 120_000;

const fields: readonly FieldName[] = [...plainFields, scheduledPrice];

function folded(edits: Iterable<ProductEdits>): ProductView {
  const fold = foldProduct(scheduledId, edits);
  if (fold.type !== "product") {
    throw new Error(`incomplete: ${fold.missing.join()}`);
  }
  return fold.view;
}

function shownOf({ product }: ProductView, field: FieldName): ItemValue | undefined {
  if (field === "variants") {
    return product.variants.map(({ sku, title }) => ({ sku, title }));
  }
  if (field === "title" || field === "description" || field === "category") {
    return product[field];
  }
  return field === "media"
    ? product.media.map(({ url, alt }) => ({ url, alt }))
    : product.variants.find(({ sku }) => sku === black)?.prices[0]?.amountMinor;
}

/** What a view says, in the words of the specification. */
function said(view: ProductView) {
  return fields.map((field) => {
    const conflict = view.conflicts.find((one) => one.field === field);
    const conflicting = conflict?.siblings.map(({ value, stamp, operationId }) => ({
      value,
      stamp,
      operationId,
    }));
    return {
      field,
      served: conflict?.served.value ?? shownOf(view, field),
      shown: shownOf(view, field),
      conflicting,
    };
  });
}

function demanded(run: ProductRun, observed: readonly ProductEdits[]) {
  const events = eventsIn(run.events, observed);
  return fields.map((field) => {
    const { served, standing = [] } = expectedField(events, field) ?? {};
    const conflicting = standing.map(({ value, event: { stamp, operationId } }) => ({
      value,
      stamp,
      operationId,
    }));
    return { field, served, shown: served, conflicting: standing.length > 1 ? conflicting : undefined };
  });
}

/** Six thousand comparisons are quicker as texts. */
const asText = (fieldsSaid: unknown) => JSON.stringify(fieldsSaid, null, 1);

/** These events, and all that their editors had received, and so on. */
function pastOf(events: readonly EditEvent[], into = new Set<EditEvent>()): ReadonlySet<EditEvent> {
  for (const event of events) {
    if (!into.has(event)) {
      into.add(event);
      pastOf(event.seen, into);
    }
  }
  return into;
}

/** Some of the run's versions, with the import, so that the product is whole. */
const anyPart = (run: ProductRun, draws: Iterator<number>) =>
  run.versions.filter((_, index) => index === 0 || Number(draws.next().value) % 2 === 0);

const shuffled = <T>(members: readonly T[], draws: Iterator<number>) =>
  members
    .map((member) => ({ member, at: Number(draws.next().value) }))
    .sort((left, right) => left.at - right.at)
    .map(({ member }) => member);

const anyDraws = fc.infiniteStream(fc.nat());

async function forEachRun(
  numRuns: number,
  check: (run: ProductRun, draws: Iterator<number>) => void,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(anyProductSteps, anyDraws, async (steps, draws) => {
      check(await playProduct(steps), draws);
    }),
    { numRuns },
  );
}

describe("after any schedule of edits, retries elsewhere, late replication and skewed clocks", {
  timeout: timeoutMs,
}, () => {
  test("everybody is shown the edits that nobody who had seen them replaced, and one of them is served", async () => {
    await forEachRun(2_000, (run, draws) => {
      const region = run.held[Number(draws.next().value) % run.held.length] ?? [];
      for (const observed of [region, run.versions, anyPart(run, draws)]) {
        expect(asText(said(folded(observed)))).toBe(asText(demanded(run, observed)));
      }
    });
  });

  test("an edit made in sight of siblings leaves exactly one: itself", async () => {
    await forEachRun(200, (run) => {
      for (const { event, sight } of run.afterwards) {
        const view = folded(sight);
        for (const { field, value } of event.changes) {
          expect(view.conflicts.filter((conflict) => conflict.field === field)).toEqual([]);
          expect(shownOf(view, field)).toEqual(value);
        }
      }
    });
  });

  test("an operation is answered without a write exactly where it had been seen, or an edit that had seen it", async () => {
    await forEachRun(1_000, (run) => {
      for (const { operationId, seen } of run.answered) {
        expect([...pastOf(seen)].map((event) => event.operationId)).toContain(operationId);
      }
      for (const { operationId, seen } of run.events) {
        expect([...pastOf(seen)].map((event) => event.operationId)).not.toContain(operationId);
      }
    });
  });

  test("stamps grow within an origin, and are above all that was seen and not below the editor's clock", async () => {
    await forEachRun(200, (run) => {
      for (const { origin, stamp, nowMs, counter, seen } of run.events) {
        expect(stamp.origin).toBe(origin);
        expect(stamp.ms).toBeGreaterThanOrEqual(nowMs);
        const own = run.events.filter((event) => event.origin === origin && event.counter < counter);
        for (const earlier of [...seen, ...own]) {
          expect(compareStamps(stamp, earlier.stamp)).toBeGreaterThan(0);
        }
      }
    });
  });
});

describe("merging what regions hold of a product", { timeout: timeoutMs }, () => {
  const state = (edits: readonly ProductEdits[]) =>
    [...edits].sort((left, right) => (left.origin < right.origin ? -1 : 1));

  test("is idempotent, commutative and associative", async () => {
    await forEachRun(200, (run, draws) => {
      const [a, b, c] = [anyPart(run, draws), anyPart(run, draws), anyPart(run, draws)];
      const merged = (left: readonly ProductEdits[], right: readonly ProductEdits[]) =>
        newestEdits([...left, ...right]);
      expect(state(merged(a, a))).toEqual(state(newestEdits(a)));
      expect(state(merged(a, b))).toEqual(state(merged(b, a)));
      expect(state(merged(merged(a, b), c))).toEqual(state(merged(a, merged(b, c))));
    });
  });

  test("shows the same whatever the order, the repeats and the old versions that come late", async () => {
    await forEachRun(200, (run, draws) => {
      const part = anyPart(run, draws);
      const old = run.versions.filter((version) =>
        part.some(({ origin, counter }) => origin === version.origin && counter >= version.counter),
      );
      expect(folded(shuffled([...part, ...part, ...old], draws))).toEqual(folded(part));
    });
  });

  test("has the merged vector, and equal vectors show equal products and conflicts", async () => {
    await forEachRun(200, (run, draws) => {
      const [a, b] = [anyPart(run, draws), anyPart(run, draws)];
      const union = mergeVectors(folded(a).vector, folded(b).vector);
      expect(compareVectors(folded([...a, ...b]).vector, union)).toBe("equal");
      for (const held of run.held) {
        if (compareVectors(editsVector(held), editsVector(a)) === "equal") {
          expect(folded(held)).toEqual(folded(a));
        }
      }
    });
  });

  test("never brings back what was replaced", async () => {
    await forEachRun(200, (run, draws) => {
      const part = newestEdits(anyPart(run, draws));
      const whole = newestEdits(run.versions);
      for (const field of fields) {
        const standing = (edits: readonly ProductEdits[]) =>
          unreplaced(
            edits.flatMap(({ origin, registers }) => {
              const register = registers.get(field);
              return register === undefined ? [] : [{ ...register, origin }];
            }),
          );
        const inPart = standing(part);
        const known = new Set(part.map(({ registers }) => registers.get(field)));
        for (const { operationId, stamp, origin } of standing(whole)) {
          const register = whole.find((edits) => edits.origin === origin)?.registers.get(field);
          if (known.has(register)) {
            expect(inPart).toContainEqual(expect.objectContaining({ operationId, stamp }));
          }
        }
      }
    });
  });

  test("takes each field by itself", async () => {
    await forEachRun(200, (run, draws) => {
      const part = newestEdits(anyPart(run, draws));
      const view = folded(part);
      for (const field of fields) {
        const [importItem, ...others] = part;
        const alone = others.map((edits) => ({
          ...edits,
          registers: new Map([...edits.registers].filter(([name]) => name === field)),
        }));
        const onlyField = folded(importItem === undefined ? alone : [importItem, ...alone]);
        expect(shownOf(onlyField, field)).toEqual(shownOf(view, field));
        expect(onlyField.conflicts).toEqual(view.conflicts.filter((conflict) => conflict.field === field));
      }
    });
  });
});

test("the schedules contain what the laws are about", { timeout: timeoutMs }, async () => {
  const met = { conflict: 0, three: 0, retriedElsewhere: 0, equalValues: 0, unseenMiddle: 0, answered: 0 };
  await forEachRun(500, (run) => {
    const { conflicts } = folded(run.versions);
    met.conflict += conflicts.length;
    met.three += conflicts.filter(({ siblings }) => siblings.length > 2).length;
    met.answered += run.answered.length;
    const standing = standingEvents(run.events, scheduledPrice);
    const ids = standing.map(({ operationId }) => operationId);
    met.retriedElsewhere += ids.length - new Set(ids).size;
    const shown = expectedField(run.events, scheduledPrice)?.standing.length ?? 0;
    met.equalValues += new Set(ids).size - shown;
    met.unseenMiddle += run.events.filter(({ seen }) =>
      seen.some((middle) => middle.seen.some((event) => !seen.includes(event))),
    ).length;
  });
  for (const [what, times] of Object.entries(met)) {
    expect(times, what).toBeGreaterThan(5);
  }
});
