import { err, type Heartbeat, itemToEchoes, itemToFences, itemToHeartbeat, ok } from "@antipode/core";
import type { HandleGroup } from "../dispatcher/create-dispatcher.ts";
import type { StreamChange } from "../dispatcher/record.ts";
import type { SellingDeps } from "../orders/deps.ts";
import { echo } from "./echo.ts";

/** Why an item cannot be understood; nothing for those that are other functions' business. */
function faultOf({ parsed, item }: StreamChange): string | undefined {
  if (item === undefined) {
    return undefined;
  }
  const reads = { HEARTBEAT: itemToHeartbeat, ECHOES: itemToEchoes, FENCES: itemToFences };
  const read = Object.hasOwn(reads, parsed.kind) ? reads[parsed.kind as keyof typeof reads] : undefined;
  const decoded = read?.(item);
  return decoded === undefined || decoded.ok
    ? undefined
    : `${decoded.error.attribute}: ${decoded.error.reason}`;
}

function beatsOf(changes: readonly StreamChange[], me: string): readonly Heartbeat[] {
  return changes.flatMap(({ parsed, item }) => {
    const beat = parsed.kind === "HEARTBEAT" && parsed.writer !== me && item !== undefined;
    const decoded = beat ? itemToHeartbeat(item) : undefined;
    return decoded?.ok === true ? [decoded.value] : [];
  });
}

/** Answers another region's heartbeat as soon as it arrives: its lease to sell is made of these answers. */
export function keepControl(deps: Pick<SellingDeps, "items" | "deployment" | "clock">): HandleGroup {
  return async (changes) => {
    const fault = changes.map(faultOf).find((reason) => reason !== undefined);
    if (fault !== undefined) {
      return err({ reason: fault });
    }
    const beats = beatsOf(changes, deps.deployment.origin);
    const echoed = beats.length === 0 ? ok(undefined) : await echo(deps, beats);
    return echoed.ok ? echoed : err({ reason: `echo: ${echoed.error.type}`, cause: echoed.error });
  };
}
