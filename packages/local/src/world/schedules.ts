import { err, ok, type Result } from "@antipode/core";
import type { PlannedSchedule } from "../provision/schedules.ts";
import { type Schedule, type ScheduleOptions, startSchedule } from "../services/eventbridge/schedule.ts";
import type { Lambda } from "../services/lambda/lambda.ts";
import { invokeNow, shortName } from "./invoke.ts";
import type { RunOutcome, ScheduleStatus } from "./status.ts";

/** A name that no rule runs, with those that one does. */
export interface NotScheduled {
  readonly type: "not-scheduled";
  readonly name: string;
  readonly scheduled: readonly string[];
}

export interface Schedules {
  status(region: string): readonly ScheduleStatus[];
  /**
   * Runs a scheduled function now and waits for its answer, in one region or in each that schedules it; a disabled rule
   * counts too. Named as in `infra/` (`Repair`) or in full, in letters of any case.
   */
  run(name: string, region?: string): Promise<Result<readonly RunOutcome[], NotScheduled>>;
  close(): void;
}

export interface SchedulesOptions extends ScheduleOptions {
  readonly plan: {
    readonly app: string;
    readonly environment: string;
    readonly schedules: readonly PlannedSchedule[];
  };
  readonly lambda: Pick<Lambda, "invoke">;
}

interface Running {
  readonly planned: PlannedSchedule;
  readonly schedule: Schedule;
  /** `Repair` of `antipode-prod-eu-west-1-Repair`. */
  readonly shortName: string;
}

/** Starts what the plan's rules run, from now on. */
export function startSchedules(options: SchedulesOptions): Schedules {
  const { plan, lambda } = options;
  const all = plan.schedules.map((planned): Running => {
    const name = shortName(plan, planned.region, planned.functionName);
    return { planned, schedule: startSchedule(planned, options), shortName: name };
  });
  return {
    status: (region) => all.filter(({ planned }) => planned.region === region).map(describe),
    async run(name, region) {
      const wanted = name.toLowerCase();
      const named = all.filter(({ planned, shortName }) =>
        [shortName, planned.functionName].some((one) => one.toLowerCase() === wanted),
      );
      const chosen = named.filter(({ planned }) => region === undefined || planned.region === region);
      if (chosen.length > 0) return ok(await Promise.all(chosen.map((one) => runNow(one, lambda))));
      const scheduled = [...new Set(all.map(({ shortName }) => shortName))].sort();
      return err({ type: "not-scheduled", name, scheduled });
    },
    close() {
      for (const { schedule } of all) schedule.stop();
    },
  };
}

/** What to type instead, in one line. */
export function notScheduledText({ name, scheduled }: NotScheduled): string {
  if (scheduled.length === 0) return "this world has no scheduled function";
  return `"${name}" is not a scheduled function: choose from ${scheduled.join(", ")}`;
}

function runNow({ planned, schedule }: Running, lambda: Pick<Lambda, "invoke">): Promise<RunOutcome> {
  const { region, functionArn } = planned;
  return invokeNow(lambda, { region, arn: functionArn }, schedule.payload());
}

function describe({ planned, schedule, shortName }: Running): ScheduleStatus {
  const { fired, nextAtMs, lastError, lastErrorAtMs } = schedule.status();
  return {
    name: shortName,
    expression: planned.expression,
    enabled: planned.enabled,
    fired,
    ...(nextAtMs === undefined ? {} : { nextAt: new Date(nextAtMs).toISOString() }),
    ...(lastError === undefined ? {} : { lastError }),
    ...(lastErrorAtMs === undefined ? {} : { lastErrorAt: new Date(lastErrorAtMs).toISOString() }),
  };
}
