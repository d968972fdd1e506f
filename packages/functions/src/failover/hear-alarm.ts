import {
  alarmsKey,
  type Clock,
  defaultVoteSettings,
  err,
  evidenceOf,
  type Items,
  isCounter,
  itemToAlarms,
  ok,
  planAlarm,
  type Result,
  type StorageError,
} from "@antipode/core";
import type { Deployment } from "../platform/deployment.ts";
import type { Log } from "../platform/log.ts";
import { type WaitDeps, waitAfterContention } from "../platform/write-all.ts";
import type { AlarmChange } from "./alarm-news.ts";

export interface HearAlarmDeps extends WaitDeps {
  readonly items: Items;
  readonly deployment: Deployment;
  readonly clock: Clock;
  readonly log: Log;
}

/** `known`: heard before, or older than what was. `no-evidence`: an alarm for people. */
export type Heard = "heard" | "known" | "no-evidence";

/** SNS and EventBridge tell the same at the same time, and several alarms change together: of all of them one is written at a time. */
const triesMax = 8;

/**
 * Writes down what an alarm says of its region, where the region's votes look. News that come again, late, or out of
 * their order change nothing: at the end stands what the alarm said last.
 */
export async function hearAlarm(
  deps: HearAlarmDeps,
  { alarmName, alarmRegion, state, changedAtMs, reason }: AlarmChange,
): Promise<Result<Heard, StorageError>> {
  const { items, deployment, clock, log } = deps;
  const { environment, origin: me, regions } = deployment;
  const name = evidenceOf(alarmName, { environment, region: alarmRegion });
  const of = regions.find((region) => region.name === alarmRegion)?.origin;
  if (name === undefined || of === undefined) {
    return ok("no-evidence");
  }
  for (let tries = 0; tries < triesMax; tries += 1) {
    if (tries > 0) {
      await waitAfterContention(deps, tries);
    }
    const item = await items.get("Control", alarmsKey(me));
    if (!item.ok) {
      return item;
    }
    const read = item.value === undefined ? undefined : itemToAlarms(item.value);
    const counter = item.value?.["v"];
    const plan = planAlarm(
      me,
      read?.ok === true ? read.value.alarms : [], // what another version wrote is replaced, as in every item of votes
      { of, name, state, changedAtMs },
      {
        counter: isCounter(counter) ? counter : undefined,
        nowMs: clock.nowMs(),
        settings: defaultVoteSettings,
      },
    );
    if (plan === undefined) {
      return ok("known");
    }
    const outcome = await items.put("Control", plan.item, plan.onlyIf);
    if (!outcome.ok) {
      return outcome;
    }
    if (outcome.value.type === "written") {
      const said = { of: alarmRegion, alarm: name, state, reason };
      log[state === "ok" ? "info" : "warn"]("an alarm has changed", said);
      return ok("heard");
    }
  }
  return err({ type: "contended", operation: "PutItem Control" });
}
