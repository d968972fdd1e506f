import type { FailoverRecord, RegionState } from "@antipode/core";
import { type LagReport, type MeasuredLag, type Origin, ok, originRegion, reportLag } from "@antipode/core";
import { createKept } from "../../../platform/kept.ts";
import type { ApiDeps } from "../../deps.ts";
import type { Outcome } from "../../exchange.ts";
import type { LagBody, RegionsBody } from "./contract.ts";
import { readLags, readStates } from "./read-regions.ts";

/** ms that the list waits for each table: without, it says what it knows all the same. */
const tableBoundMs = 1_000;

/** ms for which the probability that a read sees a write is published: from below any link's floor to a slow minute's tail. */
const timesMs = [50, 100, 200, 500, 1_000, 2_000, 5_000];

const isoTime = (ms: number) => new Date(ms).toISOString();

/** A tenth of a ms is more than clocks agree on, and a hundredth of a percent more than a day's samples tell. */
const roundedMs = (ms: number) => Math.round(ms * 10) / 10;
const roundedShare = (share: number) => Math.round(share * 10_000) / 10_000;

function reportBody({ count, meanMs, medianMs, p99Ms, maxMs, fit, points }: LagReport) {
  return {
    count,
    meanMs: roundedMs(meanMs),
    medianMs: roundedMs(medianMs),
    p99Ms: roundedMs(p99Ms),
    maxMs,
    ...(fit === undefined
      ? {}
      : {
          fit: {
            floorMs: roundedMs(fit.floorMs),
            excessMs: roundedMs(fit.excessMs),
            excessError: roundedShare(fit.excessError),
          },
        }),
    seen: points.map(({ withinMs, measured, fitted, reference }) => ({
      withinMs,
      measured: roundedShare(measured),
      ...(fitted === undefined ? {} : { fitted: roundedShare(fitted) }),
      reference: roundedShare(reference),
    })),
  };
}

function lagBody({ from, days }: MeasuredLag): LagBody {
  return {
    from: originRegion(from),
    days: days.flatMap(({ lags, firstMs, lastMs }) => {
      const report = reportLag(lags, timesMs);
      return report === undefined
        ? []
        : [{ since: isoTime(firstMs), until: isoTime(lastMs), ...reportBody(report) }];
    }),
  };
}

function stateBody(known: RegionState | undefined): Pick<RegionsBody["regions"][number], "state" | "voters"> {
  const { state, drainedBy, sinceMs, voters } = known ?? { state: "unknown" as const, voters: [] };
  return {
    state,
    ...(drainedBy === undefined ? {} : { drainedBy }),
    ...(sinceMs === undefined ? {} : { since: isoTime(sinceMs) }),
    voters: voters.map((origin: Origin) => originRegion(origin)),
  };
}

function runBody(run: FailoverRecord | undefined): Pick<RegionsBody["regions"][number], "lastRun"> {
  if (run === undefined) {
    return {};
  }
  const { kind, outcome, origin, touchedAtMs, steps } = run;
  const failed = [...steps].filter(([, { state }]) => state === "failed").map(([step]) => step);
  return { lastRun: { kind, outcome, by: originRegion(origin), at: isoTime(touchedAtMs), failed } };
}

/** Lists the regions, with how this one sees each and what it measured of it. What was read is kept for some seconds. */
export function createListRegions(deps: ApiDeps) {
  const { clock, delay, deployment, log } = deps;
  const states = createKept({ read: () => readStates(deps), clock, delay });
  const lags = createKept({ read: () => readLags(deps), clock, delay });
  return async (): Promise<Outcome> => {
    const [known, measured] = await Promise.all([states(tableBoundMs), lags(tableBoundMs)]);
    for (const read of [known, measured]) {
      if (!read.ok) {
        log.warn("the regions are listed without all that is known of them", { reason: read.error.reason });
      }
    }
    const body: RegionsBody = {
      servedBy: deployment.region,
      regions: deployment.regions.map(({ name, origin }) => ({
        name,
        origin,
        url: deployment.domain === "" ? null : `https://${name}.${deployment.domain}`,
        ...stateBody(known.ok ? known.value.states.get(origin) : undefined),
        ...runBody(known.ok ? known.value.runs.get(origin) : undefined),
      })),
      lag: measured.ok ? measured.value.map(lagBody) : null,
    };
    return ok({ status: 200, body, headers: { "Cache-Control": "no-store" } });
  };
}
