import { type FailoverRecord, type FailoverView, originRegion, type StepOutcome } from "@antipode/core";
import type { OutsideLook } from "./ports.ts";

/* What steps see from outside. They change nothing, so each attempt looks anew. */

const shown = (answer: Awaited<ReturnType<OutsideLook["status"]>>) =>
  answer.ok ? String(answer.value) : `no answer (${answer.error})`;

/**
 * Whether Route 53's checkers are told what they should be: of a drained region that its own `/health` says so, or that every
 * other region's vote does; of a restored one the opposite. A region that does not answer does not vote.
 */
export async function lookAtDataPlane(
  look: OutsideLook,
  view: Pick<FailoverView, "configured">,
  { kind, target }: FailoverRecord,
): Promise<StepOutcome> {
  const of = originRegion(target);
  const voters = view.configured.filter((origin) => origin !== target).map(originRegion);
  const [health, ...votes] = await Promise.all([
    look.status(of, "/health"),
    ...voters.map((voter) => look.status(voter, `/drain-votes/${of}`)),
  ]);
  const isWell = health.ok && health.value === 200;
  const isVotedOut = votes.length > 0 && votes.every((vote) => vote.ok && vote.value === 200);
  const isClosed = !isWell || isVotedOut;
  const doors = voters.map((voter, at) => `${voter} ${votes[at] === undefined ? "?" : shown(votes[at])}`);
  const note = `/health of ${of}: ${shown(health)}; /drain-votes/${of}: ${doors.join(", ")}`;
  return { state: isClosed === (kind === "failover") ? "done" : "failed", note };
}

/** Where one name leads: fine where that is no drained region. */
function judgeName(
  label: string,
  leads: Awaited<ReturnType<OutsideLook["leadsTo"]>>,
  drained: readonly string[],
): StepOutcome {
  if (!leads.ok) {
    return { state: "failed", note: `${label}: ${leads.error}` };
  }
  if (leads.value === undefined) {
    return { state: "skipped", note: `${label}: cannot be looked up from here` };
  }
  const [region = ""] = leads.value.split(".");
  return { state: drained.includes(region) ? "failed" : "done", note: `${label} leads to ${region}` };
}

/**
 * What the public names answer, from where the runner is. `api` leads to whatever open region is the nearest from here, so
 * it shows less than `failover`, which is the same from everywhere.
 */
export async function verifyOutside(look: OutsideLook, record: FailoverRecord): Promise<StepOutcome> {
  const drained = record.drained.map(originRegion);
  const [api, failover, edge] = await Promise.all([
    look.leadsTo("api"),
    look.leadsTo("failover"),
    look.edgeServedBy(),
  ]);
  const judged: StepOutcome[] = [judgeName("api", api, drained), judgeName("failover", failover, drained)];
  if (!edge.ok) {
    judged.push({ state: "failed", note: `a read through the CDN: ${edge.error}` });
  } else if (edge.value !== undefined) {
    const isDrained = drained.includes(edge.value);
    judged.push({
      state: isDrained ? "failed" : "done",
      note: `a read through the CDN: answered by ${edge.value}`,
    });
  }
  const has = (state: StepOutcome["state"]) => judged.some((one) => one.state === state);
  const state = has("failed") ? "failed" : has("done") ? "done" : "skipped";
  return { state, note: judged.map(({ note }) => note).join("; ") };
}
