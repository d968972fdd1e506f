import { echoesKey, err, type Heartbeat, itemToEchoes, ok, planEcho, type Result } from "@antipode/core";
import type { SellingDeps } from "../orders/deps.ts";
import { type ControlError, readControl } from "./read-control.ts";
import { fencesIn } from "./selling-rights.ts";

type Deps = Pick<SellingDeps, "items" | "deployment" | "clock">;

/** The heartbeat function and the dispatcher say it, each when it hears: a few meet now and then. */
const triesMax = 4;

/** Says on the own item that others were heard. What was said before is not said again. */
export async function echo(
  deps: Deps,
  heartbeats: readonly Heartbeat[],
): Promise<Result<undefined, ControlError>> {
  const me = deps.deployment.origin;
  for (let tries = 0; tries < triesMax; tries += 1) {
    const controls = await readControl(
      deps,
      deps.deployment.regions.map(({ origin }) => origin),
    );
    if (!controls.ok) {
      return controls;
    }
    const own = controls.value.find(({ origin }) => origin === me);
    const update = planEcho(own?.echoes, {
      me,
      heartbeats,
      fenced: fencesIn(controls.value),
      nowMs: deps.clock.nowMs(),
    });
    if (update === undefined) {
      return ok(undefined);
    }
    const outcome = await deps.items.update("Control", echoesKey(me), update);
    if (!outcome.ok) {
      return outcome;
    }
    if (outcome.value.type === "written") {
      const written = itemToEchoes(outcome.value.item);
      return written.ok ? ok(undefined) : written;
    }
  }
  return err({ type: "contended", operation: "UpdateItem Control" });
}
