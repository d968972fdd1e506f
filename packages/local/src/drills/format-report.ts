import { counted } from "./counted.ts";
import type { Drill, DrillReport, Sizes } from "./drill.ts";

/** More lines than these nobody reads; the count says how many there are. */
const brokenLinesMax = 20;

/** What a person reads at the end. */
export function formatReport(
  drill: Drill,
  { seed, sizes }: { readonly seed: number; readonly sizes: Sizes },
  report: DrillReport,
): string {
  const width = Math.max(...report.rows.map(([what]) => what.length));
  const { broken } = report;
  const unusual = drill.sizes
    .filter(({ name, usual }) => sizes[name] !== undefined && sizes[name] !== usual)
    .map(({ name }) => ` --${name} ${sizes[name]}`)
    .join("");
  return [
    `${drill.name}, seed ${seed}`,
    "",
    ...report.rows.map(([what, value]) => `  ${what.padEnd(width)}  ${value}`),
    "",
    `Broken on purpose: ${report.faults.length === 0 ? "nothing" : report.faults.join(", ")}`,
    "Promised:",
    ...drill.promises.map((promise) => `  - ${promise}`),
    "",
    ...(broken.length === 0
      ? ["Kept: every promise."]
      : [
          `BROKEN: ${counted(broken.length, "finding")}`,
          ...broken.slice(0, brokenLinesMax).map((line) => `  ! ${line}`),
          ...(broken.length > brokenLinesMax ? [`  … and ${broken.length - brokenLinesMax} more`] : []),
        ]),
    `Again: npm run -s drill -- ${drill.name} --seed ${seed}${unusual}`,
  ].join("\n");
}

/** Exactly one line for programs: the figures, and what was broken. */
export function reportToJson(report: DrillReport): string {
  return JSON.stringify({ ...report.figures, broken: report.broken });
}
