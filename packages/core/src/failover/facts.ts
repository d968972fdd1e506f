import type { Origin } from "../ids/origin.ts";
import { newestCommands } from "../votes/command-item.ts";
import { holdMsOf } from "../votes/settings.ts";
import { saidBy } from "../votes/vote-view.ts";
import { isCaughtUp } from "../votes/votes.ts";
import { type FactStep, noteOf } from "./record.ts";
import { drainsOf, type FailoverView } from "./sight.ts";

/* What the steps that do nothing write down: sentences for people, from what is in sight. */

function standingsOn(view: FailoverView, target: Origin) {
  return view.configured.flatMap((voter) => {
    const standing = saidBy(view, voter)?.standings.get(target);
    return standing === undefined ? [] : [{ voter, ...standing }];
  });
}

const latestDateMs = 8.64e15; // what a Date holds; another region's clock may say anything

const timeText = (ms: number) => (ms > latestDateMs ? `${ms} ms` : new Date(ms).toISOString());

/** Why the region is out. */
export function evidenceNote(view: FailoverView, target: Origin): string {
  const command = newestCommands(view.commands).get(target);
  if (command?.action === "drain") {
    return noteOf(`operator ${command.who}: ${command.reason}`);
  }
  const reasons = standingsOn(view, target)
    .filter(({ voting }) => voting)
    .map(({ voter, why }) => `${voter}: ${why}`);
  const seen = view.observations.get(target);
  const failures =
    seen === undefined || seen.failures === 0 ? [] : [`${seen.failures} looks from here failed`];
  const reason = seen?.reason === undefined ? [] : [`the last failure was ${seen.reason}`];
  const alarms = view.alarms
    .filter(({ of, state }) => of === target && state === "alarm")
    .map(({ name }) => `alarm ${name}`);
  return noteOf([...reasons, ...failures, ...reason, ...alarms].join("; "));
}

/** Who votes, and since when by the voters' own clocks. */
export function voteNote(view: FailoverView, target: Origin): string {
  const votes = standingsOn(view, target)
    .filter(({ voting }) => voting)
    .map(({ voter, epoch, sinceMs }) => `${voter} since ${timeText(sinceMs)}, vote ${epoch} in a row`);
  const drain = drainsOf(view).get(target);
  const closed = drain?.type === "operator" ? [`it has closed itself since ${timeText(drain.sinceMs)}`] : [];
  return noteOf([...closed, ...votes].join("; "));
}

/** What the votes waited for before they ended: each voter's reason and hold, and how far behind the region is. */
export function gatesNote(view: FailoverView, target: Origin): string {
  const ended = standingsOn(view, target)
    .filter(({ voting }) => !voting)
    .map(({ voter, why, epoch }) => {
      const held = `after a hold of ${holdMsOf(epoch, view.voteSettings) / 1000} s at least`;
      return `${voter} ended its vote: ${why}${why === "well" ? `, ${held}` : ""}`;
    });
  const command = newestCommands(view.commands).get(target);
  const operator = command?.action === "restore" ? [`operator ${command.who}: ${command.reason}`] : [];
  const said = saidBy(view, target);
  const voteView = { ...view, backlogMs: 0, settings: view.voteSettings };
  const lag = isCaughtUp(voteView, target) ? "replication to it is caught up" : "replication to it is behind";
  const backlog = said === undefined ? "" : `, its resolvers are ${said.backlogMs} ms behind`;
  return noteOf([...operator, ...ended, `${lag}${backlog}`].join("; "));
}

export const factNotes: Readonly<Record<FactStep, (view: FailoverView, target: Origin) => string>> = {
  evidence: evidenceNote,
  vote: voteNote,
  gates: gatesNote,
};
