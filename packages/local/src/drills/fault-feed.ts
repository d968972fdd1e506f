import type { Fault } from "../faults/fault.ts";
import type { World } from "../world/world.ts";
import type { PlannedFault } from "./fault-plan.ts";

export interface FaultFeed {
  /** An operation begins: gives the commands that are due. */
  operationBegins(): void;
  /** Mends all that is broken, once the plan is over or not. */
  mendAll(): void;
  begun(): number;
}

/** Breaks the world as planned, at the pace of the drill's operations. */
export function createFaultFeed(
  world: Pick<World, "apply">,
  { plan, regions }: { readonly plan: readonly PlannedFault[]; readonly regions: readonly string[] },
): FaultFeed {
  const due = [...plan];
  let begun = 0;
  const give = (fault: Fault) => {
    const outcome = world.apply(fault);
    if (!outcome.ok) throw new Error(`the world refused a planned fault: ${outcome.error}`);
  };
  return {
    begun: () => begun,
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

/** Counts what a plan breaks, such as `7 cuts one way`. */
export function describePlan(plan: readonly PlannedFault[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { fault } of plan) {
    const kind = kindOf(fault);
    if (kind !== undefined) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].toSorted().map(([kind, count]) => `${count} ${kind}`);
}

function kindOf(fault: Fault): string | undefined {
  if (fault.type === "heal" || fault.type === "up") return undefined;
  if (fault.type === "down") return "regions down";
  const names: Readonly<Record<string, string>> = {
    cut: "links cut",
    lag: "links slow",
    loss: "links losing messages",
    pause: "replications paused",
  };
  return `${names[fault.type] ?? fault.type}${"oneWay" in fault && fault.oneWay === true ? ", one way" : ""}`;
}
