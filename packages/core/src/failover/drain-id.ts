import { stampToText } from "../clock/stamp.ts";
import type { Origin } from "../ids/origin.ts";
import { newestCommands } from "../votes/command-item.ts";
import type { Drain } from "../votes/drained.ts";
import { saidBy } from "../votes/vote-view.ts";
import { resumedName } from "./resumed.ts";
import type { FailoverView } from "./sight.ts";

/**
 * What tells one drain of a region from the next one, the same in every region that sees the same: of an operator's drain the
 * stamp of the command, and which time it stands where it has ended meanwhile; of one by votes when each voter began, by the voter's own clock. Epochs would not do: they begin
 * anew after an hour.
 *
 * Nothing where it is not known yet: an operator's drain whose command has not arrived here, though its votes have.
 */
export function drainIdOf(
  view: Pick<FailoverView, "heard" | "commands" | "records" | "rounds">,
  target: Origin,
  drain: Drain,
): string | undefined {
  const command = newestCommands(view.commands).get(target);
  if (command?.action === "drain") {
    return resumedName(view, target, drain, `operator ${stampToText(command.stamp)}`);
  }
  if (drain.type === "operator") {
    const closing = saidBy(view, target)?.closing;
    return closing === undefined
      ? undefined
      : resumedName(view, target, drain, `operator ${stampToText(closing.command)}`);
  }
  const votes: string[] = [];
  for (const voter of drain.voters) {
    const standing = saidBy(view, voter)?.standings.get(target);
    if (standing === undefined || standing.why === "operator") {
      return undefined;
    }
    votes.push(`${voter}@${standing.sinceMs}`);
  }
  return `votes ${votes.sort().join(" ")}`;
}
