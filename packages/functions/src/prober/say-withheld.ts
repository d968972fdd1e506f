import type { Origin, Withheld } from "@antipode/core";
import type { Log } from "../platform/log.ts";

/** Says against which regions alarms speak and yet no vote is begun, and why. */
export type SayWithheld = (withheld: ReadonlyMap<Origin, Withheld>) => void;

const hints: Readonly<Record<Withheld["why"], string>> = {
  out: "is out, or about to be",
  "came-back": "came back a moment ago, or this region's vote against it ended",
  "voted-against": "is voted against",
  "ordered-out": "is ordered out",
  probes: "fails its looks",
  alarm: "rings too",
};

/** Each once, for as long as an instance lives, and that it is over: rounds come every ten seconds. */
export function createSayWithheld(log: Log): SayWithheld {
  let said: ReadonlyMap<Origin, string> = new Map();
  return (withheld) => {
    const now = new Map([...withheld].map(([target, { by, why }]) => [target, `${by} ${hints[why]}`]));
    for (const [target, cause] of now) {
      if (said.get(target) !== cause) {
        log.warn("withholds a vote by an alarm", { target, cause });
      }
    }
    for (const target of said.keys()) {
      if (!now.has(target)) {
        log.info("no longer withholds a vote by an alarm", { target });
      }
    }
    said = now;
  };
}
