import type { AlarmStatus, WorldStatus } from "../world/status.ts";
import { table } from "./table.ts";

/** Every alarm in a line, with what it is because of. */
export function formatAlarms(alarms: readonly AlarmStatus[]): string {
  if (alarms.length === 0) return "this world has no alarms";
  return table(
    ["region", "alarm", "state", "since", "reason"],
    alarms.map(({ region, name, state, since, reason, actionsSuppressedBy }) => [
      region,
      name,
      actionsSuppressedBy === undefined ? state : `${state}, actions held back by ${actionsSuppressedBy}`,
      since,
      reason,
    ]),
  );
}

/** How many, and the names of those that ring. */
export function describeAlarmCounts({ regions }: Pick<WorldStatus, "regions">): readonly string[] {
  const counted = regions.flatMap(({ region, alarms }) => (alarms === undefined ? [] : [{ region, alarms }]));
  if (counted.length === 0) return [];
  const sum = (count: (alarms: (typeof counted)[number]["alarms"]) => number) =>
    counted.reduce((total, { alarms }) => total + count(alarms), 0);
  const ringing = counted.flatMap(({ region, alarms }) => alarms.ringing.map((name) => `${region} ${name}`));
  const names = ringing.length === 0 ? "" : ` (${ringing.join(", ")})`;
  const rest = `${sum(({ ok }) => ok)} OK, ${sum(({ withoutData }) => withoutData)} without data`;
  return [`alarms: ${ringing.length} in ALARM${names}, ${rest}`, ""];
}
