import { type Origin, originRegion } from "@antipode/core";
import { busEvent, topicAlarm } from "../alarm-events.ts";

export type AlarmState = "alarm" | "missing" | "ok";

const missingReason =
  "Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were treated as [Breaching].";

/** One change of an alarm about a region's errors, as the bus and the region's own topic tell it. */
export function alarmNews(of: Origin, state: AlarmState, atMs: number) {
  const region = originRegion(of);
  const changed = {
    region,
    name: `antipode-test-${region}-ApiErrors`,
    value: state === "ok" ? ("OK" as const) : ("ALARM" as const),
    ...(state === "missing" ? { reason: missingReason } : {}),
    at: new Date(atMs).toISOString().replace("Z", "+0000"),
  };
  return { bus: busEvent(changed), topic: topicAlarm(changed) };
}
