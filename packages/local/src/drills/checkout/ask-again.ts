import { setTimeout as sleep } from "node:timers/promises";
import { eachLimited } from "../limited.ts";
import type { OpenCheckout } from "./client.ts";
import { isDecided, openIn } from "./history.ts";

/** Between two questions of a client that waits for its answer. */
const askEveryMs = 300;
/** All clients together: what nobody is told by then, nobody will be. */
const askWithinMs = 60_000;
const askAtOnceMax = 16;

/** With everything mended: all who do not know yet ask with their keys until they are told, or until none of them is. */
export async function askAgain(checkouts: readonly OpenCheckout[]): Promise<void> {
  const endMs = performance.now() + askWithinMs;
  await eachLimited(checkouts, askAtOnceMax, (checkout) => askUntilTold(checkout, endMs));
}

/** Where it was left open; every client asks once at least. */
async function askUntilTold(checkout: OpenCheckout, endMs: number): Promise<void> {
  for (let round = 0; !isDecided(checkout.record()); round += 1) {
    if (round > 0 && performance.now() > endMs) return;
    if (round > 0) await sleep(askEveryMs);
    const { attempts } = checkout.record();
    await checkout.sendTo(openIn(attempts)[0] ?? attempts.at(-1)?.region ?? "");
  }
}
