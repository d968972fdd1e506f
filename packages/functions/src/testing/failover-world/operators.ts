import { type Command, type ControlSight, type Origin, originRegion } from "@antipode/core";
import type { VoteStep } from "@antipode/core/testing";

export type CommandStep = Extract<VoteStep, { readonly type: "command" }>;

export interface OperatorsOptions {
  readonly originAt: (at: number) => Origin;
  readonly request: (at: number, path: string, init: RequestInit) => Promise<Response>;
  readonly sight: (at: number) => ControlSight;
}

/** Operators, who ask any region's API. */
export function createOperators({ originAt, request, sight }: OperatorsOptions) {
  const commands: Command[] = [];
  return {
    /** All that they have said, wherever, and whoever knows it. */
    commands: commands as readonly Command[],

    async say({ at, target, action, force }: CommandStep): Promise<void> {
      const region = originRegion(originAt(target));
      const response = await request(at, `/v1/regions/${region}/${action}`, {
        method: "POST",
        headers: { Authorization: "Bearer token", "Content-Type": "application/json" },
        body: JSON.stringify({ reason: "drill", force: force ?? false }),
      });
      if (response.status === 202) {
        const known = new Set(commands.map(({ stamp, number }) => `${stamp.origin}/${number}`));
        const said = sight(at).commands;
        commands.push(...said.filter(({ stamp, number }) => !known.has(`${stamp.origin}/${number}`)));
      } else if (response.status !== 409) {
        throw new Error(`${action} of ${region}: ${response.status} ${await response.text()}`);
      }
    },
  };
}
