import type { Figure } from "./figure.ts";

const columns = ["what", "Antipode", "peer", "peer's", "unit", "ratio"] as const;

/** A Markdown table, as docs/benchmarks.md has it. */
export function figureTable(figures: readonly Figure[]): string {
  const rows = figures.map(({ name, value, unit, peer, peerValue, ratio }) => [
    name,
    value.toLocaleString("en"),
    peer,
    peerValue.toLocaleString("en"),
    unit,
    ratio.toLocaleString("en"),
  ]);
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(columns), line(columns.map(() => "---")), ...rows.map(line)].join("\n");
}
