import { taskOf } from "@antipode/core";
import * as z from "zod";
import type { HearMessage } from "./hear-news.ts";
import { createRun, type RunDeps } from "./run.ts";

const newsSchema = z.object({
  type: z.enum(["region-drained", "region-restored"]),
  of: z.string().max(40),
  drainId: z.string().max(400),
});

/**
 * Hears the own prober say that there is something to do about a region. The message is no order: what is done follows from
 * what the region sees now.
 */
export function createHearDrain(deps: RunDeps) {
  const run = createRun(deps);
  const configured = deps.deployment.regions.map(({ origin }) => origin);
  return (timeLeftMs: () => number): HearMessage =>
    async (body) => {
      const read = newsSchema.safeParse(body);
      const task = read.success ? taskOf(read.data, configured) : undefined;
      if (task === undefined) {
        deps.log.error("a message that is neither an alarm nor a drain", { body });
        return;
      }
      const ran = await run(task, timeLeftMs);
      if (!ran.ok) {
        throw new Error(`${task.kind} of ${task.target}: ${ran.error.type} at ${ran.error.operation}`);
      }
      deps.log.info("news of a drain was heard", { kind: task.kind, of: task.target, ...ran.value });
    };
}
