import type { ResolvedName } from "../world/status.ts";
import { table } from "./table.ts";

/** A name, and what clients near each region are answered, from alias to address. */
export function formatNames(answers: readonly ResolvedName[]): string {
  const name = (answers[0]?.name ?? "").replace(/\.$/, "");
  return table(
    ["near", name],
    answers.map(({ near, status, records }) => [near, status === "found" ? describe(records) : status]),
  );
}

function describe(records: ResolvedName["records"]): string {
  return records
    .map(({ type, value, ttlSeconds }) => `${type} ${value.replace(/\.$/, "")} (${ttlSeconds} s)`)
    .join(" → ");
}
