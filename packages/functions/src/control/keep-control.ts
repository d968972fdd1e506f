import { err, type Heartbeat, ok } from "@antipode/core";
import type { HandleGroup } from "../dispatcher/create-dispatcher.ts";
import type { SellingDeps } from "../orders/deps.ts";
import { echo } from "./echo.ts";
import { readControlItem } from "./read-control.ts";

/** Answers another region's heartbeat as soon as it arrives: its lease to sell is made of these answers. */
export function keepControl(deps: Pick<SellingDeps, "items" | "deployment" | "clock">): HandleGroup {
  return async (changes) => {
    const beats: Heartbeat[] = [];
    for (const { parsed, item } of changes) {
      if (item === undefined) {
        continue;
      }
      const said = readControlItem(item);
      if (!said.ok) {
        return err({ reason: `${said.error.attribute}: ${said.error.reason}` });
      }
      if (parsed.writer !== deps.deployment.origin && said.value.heartbeat !== undefined) {
        beats.push(said.value.heartbeat);
      }
    }
    const echoed = beats.length === 0 ? ok(undefined) : await echo(deps, beats);
    return echoed.ok ? echoed : err({ reason: `echo: ${echoed.error.type}`, cause: echoed.error });
  };
}
