import { vectorToText } from "@antipode/core";
import { doneEnd } from "../attempt.ts";
import type { Edit, EditHistory, FieldView, ShownConflict, ShownValue } from "./history.ts";
import { type Standing, standingOf } from "./standing.ts";

export interface FieldVerdict {
  /** The edits that stand beside another. */
  readonly concurrent: readonly Edit[];
  /** Those of them that some region's feed does not show together with the others. */
  readonly unfed: readonly Edit[];
  /** Acknowledged edits that stand and that some region neither serves nor has in its feed. */
  readonly lost: readonly Edit[];
  readonly broken: readonly string[];
}

/** Judges one field of one product when everything is mended and delivered. */
export function judgeField(
  history: EditHistory,
  { product, field }: { readonly product: string; readonly field: string },
  views: readonly FieldView[],
): FieldVerdict {
  const standing = standingOf(history, product, field).filter(({ stands }) => stands !== "no");
  const must = standing.filter(({ stands }) => stands === "yes").map(({ edit }) => edit);
  const concurrent = must.length > 1 ? must : [];
  const isFed = views.every(({ fed }) => fed.some((one) => showsAll(one, must)));
  const unfed = isFed ? [] : concurrent;
  const lost = must.filter((edit) => views.some((view) => !isAccountedFor(edit, view)));
  const broken = [
    ...diverged(views),
    ...views.flatMap((view) => wrongView(view, field, { must, standing })),
    ...unfed.map(
      (edit) => `${edit.name}: stands beside others, and not every region's feed shows them together`,
    ),
    ...lost.map((edit) => `${edit.name}: acknowledged, and neither served, nor replaced, nor in every feed`),
  ].map((line) => `${product} ${field}: ${line}`);
  return { concurrent, unfed, lost, broken };
}

const isShown = (edit: Edit, { values }: ShownConflict) =>
  values.some(({ operationId, value }) => operationId === edit.operationId && value === edit.value);

const showsAll = (conflict: ShownConflict, edits: readonly Edit[]) =>
  edits.every((edit) => isShown(edit, conflict)) &&
  conflict.values.filter(({ served }) => served).length === 1;

const isAccountedFor = (edit: Edit, { value, fed }: FieldView) =>
  value === edit.value || fed.some((conflict) => isShown(edit, conflict));

function diverged(views: readonly FieldView[]): readonly string[] {
  const states = views.map(({ vector, value, conflict }) =>
    [vectorToText(vector), String(value), conflict?.id ?? "no conflict"].join(" "),
  );
  return new Set(states).size > 1 ? [`regions still differ: ${[...new Set(states)].join(" against ")}`] : [];
}

interface Expected {
  readonly must: readonly Edit[];
  readonly standing: readonly Standing[];
}

/** What is wrong with what one region shows. */
function wrongView(view: FieldView, field: string, { must, standing }: Expected): readonly string[] {
  const { region, value, conflict } = view;
  const possible = standing.map(({ edit }) => edit);
  const broken: string[] = [];
  if (!possible.some((edit) => edit.value === value)) {
    broken.push(
      `${region} serves ${value}, which is none of ${possible.map((edit) => edit.value).join(", ")}`,
    );
  }
  if (must.length > 1 && (conflict === undefined || !showsAll(conflict, must))) {
    broken.push(`${region} does not show ${must.map((edit) => edit.name).join(" and ")} as a conflict`);
  }
  if (conflict === undefined && must.length === 1 && must[0]?.value !== value && possible.length === 1) {
    broken.push(`${region} serves ${value} where ${must[0]?.name} stands alone`);
  }
  const stray = conflict?.values.filter((shown) => !possible.some((edit) => isEdit(shown, edit))) ?? [];
  broken.push(...stray.map((shown) => `${region} still shows ${shown.value}, which was replaced`));
  const right = conflict === undefined ? value : servedBy(field, conflict.values);
  if (right !== value) broken.push(`${region} serves ${value} where the rule says ${right}`);
  return [...broken, ...wrongChoice(view, field, must)];
}

const isEdit = ({ operationId, value }: ShownValue, edit: Edit) =>
  value === edit.value && (edit.operationId === "" || edit.operationId === operationId);

/** The rule: of prices the lowest, of everything else the newest stamp. */
function servedBy(field: string, values: readonly ShownValue[]): unknown {
  const [first, ...others] = values;
  const better = field.startsWith("price#")
    ? (left: ShownValue, right: ShownValue) => Number(left.value) < Number(right.value)
    : (left: ShownValue, right: ShownValue) => left.stamp > right.stamp;
  return others.reduce((best, other) => (best === undefined || better(other, best) ? other : best), first)
    ?.value;
}

/** The same rule without the system's word for it: a standing price that is lower, a title that was sent later. */
function wrongChoice({ region, value }: FieldView, field: string, must: readonly Edit[]): readonly string[] {
  if (field.startsWith("price#")) {
    const lower = must.find((edit) => Number(edit.value) < Number(value));
    return lower === undefined
      ? []
      : [`${region} serves ${value} although ${lower.name} stands with ${lower.value}`];
  }
  const served = must.find((edit) => edit.value === value);
  const answered = served === undefined ? undefined : doneEnd(served.attempts)?.at;
  const later = must.find(({ attempts }) => answered !== undefined && (attempts[0]?.sent ?? 0) > answered);
  return later === undefined ? [] : [`${region} serves ${value} although ${later.name} came later`];
}
