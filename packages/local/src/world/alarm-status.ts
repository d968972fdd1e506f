import type { WorldPlan } from "../provision/plan.ts";
import type { AlarmRecord } from "../services/cloudwatch/alarms.ts";
import type { CloudWatch } from "../services/cloudwatch/cloudwatch.ts";
import { shortName } from "./invoke.ts";
import type { AlarmCounts, AlarmStatus } from "./status.ts";

type Plan = Pick<WorldPlan, "app" | "environment" | "regions">;

/** Every alarm, region by region: those that ring first, then those without data. */
export function describeAlarms(plan: Plan, { alarms }: Pick<CloudWatch, "alarms">): readonly AlarmStatus[] {
  return plan.regions.flatMap((region) =>
    alarms
      .of(region)
      .map((record) => describeAlarm(plan, record))
      .toSorted((left, right) => rank(left) - rank(right) || (left.name < right.name ? -1 : 1)),
  );
}

function describeAlarm(plan: Plan, { alarm, state, transitionedAtMs }: AlarmRecord): AlarmStatus {
  return {
    region: alarm.region,
    name: shortName(plan, alarm.region, alarm.name),
    type: alarm.type,
    state: state.value,
    since: new Date(transitionedAtMs).toISOString(),
    reason: state.reason,
    ...(state.suppressedBy === undefined ? {} : { actionsSuppressedBy: state.suppressedBy }),
  };
}

const ranks = { ALARM: 0, INSUFFICIENT_DATA: 1, OK: 2 } as const;
const rank = ({ state }: AlarmStatus) => ranks[state];

/** Of one region; nothing where the infrastructure has no alarms. */
export function countAlarms(all: readonly AlarmStatus[], region: string): { readonly alarms?: AlarmCounts } {
  const here = all.filter((alarm) => alarm.region === region);
  if (here.length === 0) return {};
  const inState = (state: AlarmStatus["state"]) => here.filter((alarm) => alarm.state === state);
  return {
    alarms: {
      ringing: inState("ALARM").map(({ name }) => name),
      ok: inState("OK").length,
      withoutData: inState("INSUFFICIENT_DATA").length,
    },
  };
}
