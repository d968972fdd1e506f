import type { Fault } from "../faults/fault.ts";
import { applyFault, linkFault, noFaults } from "../faults/fault-state.ts";
import type { World } from "../world/world.ts";
import { counted } from "./counted.ts";
import type { PlannedFault } from "./fault-plan.ts";

export interface FaultFeed {
  /** An operation begins: gives the commands that are due. */
  operationBegins(): void;
  /** Mends all that is broken, once the plan is over or not. */
  mendAll(): void;
  begun(): number;
  /** The regions that any fault in force keeps away from this one, if only by half: cut, slow, lossy, paused or down. */
  keptApart(region: string): readonly string[];
}

/** Breaks the world as planned, at the pace of the drill's operations. */
export function createFaultFeed(
  world: Pick<World, "apply">,
  { plan, regions }: { readonly plan: readonly PlannedFault[]; readonly regions: readonly string[] },
): FaultFeed {
  const due = [...plan];
  let begun = 0;
  let state = noFaults;
  const give = (fault: Fault) => {
    const outcome = world.apply(fault);
    if (!outcome.ok) throw new Error(`the world refused a planned fault: ${outcome.error}`);
    state = applyFault(state, fault);
  };
  const isBroken = (from: string, to: string) => Object.keys(linkFault(state, from, to)).length > 0;
  return {
    begun: () => begun,
    keptApart: (region) =>
      regions.filter(
        (other) =>
          other !== region &&
          (state.down.includes(other) ||
            state.down.includes(region) ||
            isBroken(region, other) ||
            isBroken(other, region)),
      ),
    operationBegins() {
      begun += 1;
      while (due[0] !== undefined && due[0].at <= begun) give((due.shift() as PlannedFault).fault);
    },
    mendAll() {
      due.length = 0;
      for (const region of regions) give({ type: "up", region });
      give({ type: "heal" });
    },
  };
}

/** What a plan breaks, such as `7 links cut, one way`. */
export function describePlan(plan: readonly PlannedFault[]): readonly string[] {
  const counts = new Map<string, { readonly names: Names; readonly suffix: string; count: number }>();
  for (const { fault } of plan) {
    const names = namesByType[fault.type];
    if (names === undefined || (fault.type === "pay" && fault.set === undefined)) continue;
    const suffix = "oneWay" in fault && fault.oneWay === true ? ", one way" : "";
    const key = `${names[1]}${suffix}`;
    counts.set(key, { names, suffix, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([, { names, suffix, count }]) => `${counted(count, ...names)}${suffix}`);
}

type Names = readonly [one: string, many: string];

/** Of what breaks; what mends is not counted. */
const namesByType: Readonly<Partial<Record<Fault["type"], Names>>> = {
  cut: ["link cut", "links cut"],
  lag: ["link slow", "links slow"],
  loss: ["link losing messages", "links losing messages"],
  pause: ["replication paused", "replications paused"],
  down: ["region down", "regions down"],
  pay: ["change of the payment provider", "changes of the payment provider"],
};
