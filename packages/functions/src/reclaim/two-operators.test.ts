import { err, type Origin, ok } from "@antipode/core";
import { createFakeItems, createFakeRemoteRead, type FakeItems } from "@antipode/core/testing";
import { expect, test } from "vitest";
import { fence } from "../control/fence.ts";
import { createRecordingLog, createStepClock, testDeployment } from "../testing/test-world.ts";
import { createReclaim, type ReclaimDeps } from "./create-reclaim.ts";

const lost = "us-east-1#1";
const operators = ["eu-west-1", "ap-south-1"] as const;
const survivors = ["ap-east-1", "ap-south-1", "eu-west-1"] as const;

/** Where an operator's link is cut: before its n-th region hears it, or after, so that only the answer is lost. */
interface Cut {
  readonly at: number;
  readonly heard: boolean;
}

const cuts: readonly (Cut | undefined)[] = [
  undefined,
  ...[0, 1, 2].flatMap((at) => [false, true].map((heard) => ({ at, heard }))),
];

/** Every order of three steps of one operator and three of the other. */
function orders(left = 3, right = 3): readonly (readonly number[])[] {
  if (left === 0 && right === 0) {
    return [[]];
  }
  return [
    ...(left > 0 ? orders(left - 1, right).map((rest) => [0, ...rest]) : []),
    ...(right > 0 ? orders(left, right - 1).map((rest) => [1, ...rest]) : []),
  ];
}

/** The regions as far as fences go; nothing replicates, so that operators learn nothing but what they are told. */
class World {
  readonly #clock = createStepClock();
  readonly #items = new Map(
    survivors.map((region) => [region as string, createFakeItems(`${region}#1` as Origin)]),
  );

  /** `turn` is waited for before each region hears a fence, the operator's own too. */
  deps(region: string, turn: () => Promise<Cut | undefined>): ReclaimDeps {
    const own = this.#items.get(region) as FakeItems;
    const items: ReclaimDeps["items"] = {
      ...own,
      update: async (table, key, update) => {
        const cut = await turn();
        const lostAnswer = err({
          type: "unavailable",
          operation: "UpdateItem Control",
          reason: "cut",
        } as const);
        return cut?.heard === false
          ? lostAnswer
          : ((outcome) => (cut ? lostAnswer : outcome))(await own.update(table, key, update));
      },
    };
    return {
      items,
      remote: createFakeRemoteRead({}),
      deployment: testDeployment(region),
      clock: this.#clock,
      log: createRecordingLog(),
      peers: {
        ask: async (peer, request) => {
          const cut = await turn();
          const away = err({ type: "peer-away", region: peer, reason: "cut" } as const);
          const answer = cut?.heard === false ? undefined : await this.#hear(peer, request as never);
          return cut === undefined ? ok(answer) : away;
        },
      },
    };
  }

  async #hear(region: string, request: { readonly lost: Origin; readonly reclaimer: Origin }) {
    const items = this.#items.get(region) as FakeItems;
    const deps = { items, deployment: testDeployment(region), clock: this.#clock, log: createRecordingLog() };
    const fenced = await fence(deps, request);
    return fenced.ok ? { type: "fenced", ...fenced.value } : { type: "refused", reason: fenced.error.type };
  }

  run(region: string, turn: () => Promise<Cut | undefined> = async () => undefined) {
    return createReclaim(this.deps(region, turn))({ origin: lost }, () => 300_000);
  }

  reclaimers(): readonly string[] {
    const fences = [...this.#items.values()].flatMap((items) => items.dump("Control"));
    return fences.map((item) => String(item[`f#${lost}`]).split("|")[0] ?? "");
  }
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

/** Both operators at once, in this order of steps, each with its link cut at some point or never. */
async function race(
  world: World,
  order: readonly number[],
  cutOf: readonly (Cut | undefined)[],
): Promise<void> {
  const waiting: (((cut: Cut | undefined) => void) | undefined)[] = [undefined, undefined];
  const taken = [0, 0];
  const runs = operators.map((region, who) =>
    world.run(
      region,
      () =>
        new Promise((resolve) => {
          waiting[who] = resolve;
        }),
    ),
  );
  for (const who of order) {
    await settle();
    const go = waiting[who];
    waiting[who] = undefined;
    const step = taken[who] ?? 0;
    taken[who] = step + 1;
    const cut = cutOf[who];
    go?.(cut !== undefined && step >= cut.at ? { at: step, heard: cut.heard && step === cut.at } : undefined);
  }
  await Promise.all(runs);
}

test.each([[[0, 1]], [[1, 0]]] as const)(
  "two operators, whatever was cut when, and whoever goes on first (%s): one of them can finish",
  async (goingOn) => {
    for (const order of orders()) {
      for (const cutOf of cuts.flatMap((left) => cuts.map((right) => [left, right]))) {
        const world = new World();
        await race(world, order, cutOf);
        const told = JSON.stringify({ order, cutOf });
        expect(new Set(world.reclaimers()).size, told).toBeLessThanOrEqual(1);
        const answers: string[] = [];
        for (const who of goingOn) {
          const answer = await world.run(operators[who]);
          answers.push(answer.type === "refused" ? answer.reason : answer.type);
        }
        expect(answers.toSorted(), told).toEqual(["fenced-for-another", "waiting"]);
        expect(new Set(world.reclaimers()).size, told).toBe(1);
        expect(world.reclaimers(), told).toHaveLength(survivors.length);
      }
    }
  },
  30_000,
);
