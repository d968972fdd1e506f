import { setTimeout as delay } from "node:timers/promises";
import type { SteeringDeps } from "./steer-region.ts";

/** The network and the clock; progress is for a person, so only a terminal gets it. */
export function systemPorts(): Pick<SteeringDeps, "fetch" | "nowMs" | "delay" | "progress"> {
  return {
    fetch: (url, init) => fetch(url, init),
    nowMs: () => Date.now(),
    delay: async (ms) => {
      await delay(ms);
    },
    ...(process.stderr.isTTY ? { progress: (line) => console.error(line) } : {}),
  };
}
