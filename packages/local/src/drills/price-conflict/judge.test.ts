import type { VersionVector } from "@antipode/core";
import { describe, expect, it } from "vitest";
import { originIn } from "../attempt.ts";
import type { Edit, FieldView, ShownConflict } from "./history.ts";
import { judgeField } from "./judge.ts";

const us = originIn("us-east-1");
const eu = originIn("eu-west-1");
const price = "price#LAMP#EUR";

type Origin = typeof us;

const edit = (
  name: string,
  value: string | number,
  origin: Origin,
  vector: VersionVector,
  sent = 1,
): Edit => ({
  name,
  product: "lamp",
  field: typeof value === "number" ? price : "title",
  value,
  operationId: name,
  attempts: [{ origin, sent, end: { type: "done", at: sent + 1, vector, covered: false } }],
});

const conflict = (field: string, served: Edit, ...edits: Edit[]): ShownConflict => ({
  id: edits.map(({ name }) => name).join("+"),
  field,
  values: edits.map((one, index) => ({
    value: one.value,
    stamp: `stamp ${index}`,
    operationId: one.operationId,
    served: one === served,
  })),
});

const view = (
  region: string,
  value: unknown,
  shown?: ShownConflict,
  fed = shown ? [shown] : [],
): FieldView => ({
  region,
  vector: { [us]: 9, [eu]: 9 },
  value,
  conflict: shown,
  fed,
});

const both = (value: unknown, shown?: ShownConflict, fed?: ShownConflict[]) =>
  ["us-east-1", "eu-west-1"].map((region) => view(region, value, shown, fed));

const judge = (edits: readonly Edit[], views: readonly FieldView[]) => {
  const { concurrent, unfed, lost, broken } = judgeField(
    { edits, sights: [] },
    { product: "lamp", field: edits[0]?.field ?? price },
    views,
  );
  const names = (some: readonly Edit[]) => some.map(({ name }) => name);
  return { concurrent: names(concurrent), unfed: names(unfed), lost: names(lost), broken };
};

// Neither had seen the other.
const dear = edit("dear", 900, us, { [us]: 5 });
const cheap = edit("cheap", 700, eu, { [eu]: 3 });
const shown = conflict(price, cheap, dear, cheap);

describe("the judge of edits", () => {
  it("is content when the lowest is served and both are in every feed", () => {
    expect(judge([dear, cheap], both(700, shown))).toEqual({
      concurrent: ["dear", "cheap"],
      unfed: [],
      lost: [],
      broken: [],
    });
  });

  it("is content when one had seen the other", () => {
    const later = edit("later", 950, eu, { [us]: 5, [eu]: 4 }, 8);
    expect(judge([dear, cheap, later], both(950, undefined, [shown])).broken).toEqual([]);
  });

  it("finds a feed without the edit, in one region too", () => {
    const [first, second] = both(700, shown) as [FieldView, FieldView];
    const verdict = judge([dear, cheap], [first, { ...second, fed: [] }]);
    expect(verdict).toMatchObject({ unfed: ["dear", "cheap"], lost: ["dear"] });
    const partly = { ...shown, values: shown.values.slice(1) };
    expect(judge([dear, cheap], [first, { ...second, fed: [partly] }])).toMatchObject({ lost: ["dear"] });
  });

  it("finds a product that does not show its conflict", () => {
    expect(judge([dear, cheap], both(700, undefined, [shown])).broken.join()).toContain("as a conflict");
  });

  it("finds an edit that went without a trace", () => {
    expect(judge([dear], both(100)).lost).toEqual(["dear"]);
    expect(judge([dear, cheap], both(700))).toMatchObject({ lost: ["dear"], unfed: ["dear", "cheap"] });
  });

  it("finds a served price that is not the lowest, a served title that is not the newest", () => {
    const wrong = conflict(price, dear, dear, cheap);
    expect(judge([dear, cheap], both(900, wrong)).broken.join()).toContain("although cheap stands with 700");
    const early = edit("early", "Lamp A", us, { [us]: 5 }, 1);
    const late = edit("late", "Lamp B", eu, { [eu]: 3 }, 4);
    expect(judge([early, late], both("Lamp B", conflict("title", late, early, late))).broken).toEqual([]);
    const older = judge([early, late], both("Lamp A", conflict("title", early, late, early)));
    expect(older.broken.join()).toContain("although late came later");
    const stamped = judge([early, late], both("Lamp A", conflict("title", early, early, late)));
    expect(stamped.broken.join()).toContain("where the rule says Lamp B");
  });

  it("finds a replaced edit that is back, and a value that nobody wrote", () => {
    const later = edit("later", 950, eu, { [us]: 5, [eu]: 4 }, 8);
    const back = conflict(price, dear, dear, later);
    expect(judge([dear, later], both(900, back)).broken.join()).toContain("still shows 900");
    expect(judge([dear], both(1)).broken.join()).toContain("serves 1");
  });

  it("finds regions that differ", () => {
    const [first, second] = both(700, shown) as [FieldView, FieldView];
    expect(judge([dear, cheap], [first, { ...second, vector: { [us]: 9 } }]).broken.join()).toContain(
      "differ",
    );
    expect(judge([dear, cheap], [first, { ...second, value: 900 }]).broken.join()).toContain("differ");
  });

  it("expects nothing of what was not acknowledged, and allows it", () => {
    const unsure: Edit = {
      ...cheap,
      attempts: [{ origin: eu, sent: 1, end: { type: "unknown", at: 2, over: true } }],
    };
    // Perhaps it had seen the other one, perhaps not; perhaps it was never done.
    for (const views of [both(700, shown), both(700), both(900)]) {
      expect(judge([dear, unsure], views)).toMatchObject({ concurrent: [], lost: [], broken: [] });
    }
  });

  it("allows a retry's first sending to stand beside what the answer of its second had seen", () => {
    const retried: Edit = {
      ...cheap,
      attempts: [
        { origin: eu, sent: 3, end: { type: "unknown", at: 4, over: true } },
        { origin: us, sent: 5, end: { type: "done", at: 6, vector: { [us]: 6, [eu]: 3 }, covered: false } },
      ],
    };
    const beside = conflict(price, retried, dear, retried);
    expect(judge([dear, retried], both(700, beside)).broken).toEqual([]);
  });
});
