import { type Origin, originRegion } from "../ids/origin.ts";
import type { ItemKey, StoredItem } from "../items/item.ts";
import type { Table } from "../items/tables.ts";
import { keyOfWrite } from "../items/write-form.ts";
import type { TransactionOutcome, TransactionWrite, UpdateOutcome } from "../ports/items.ts";
import type { Result } from "../result/result.ts";
import { origin } from "./arbitraries.ts";
import { createFakeItems, type FakeItems } from "./fake-items.ts";

/** One life of one region: its tables, and which state of each item it holds, the newest that has arrived. */
export interface Life {
  readonly origin: Origin;
  readonly items: FakeItems;
  readonly clockOffsetMs: number;
  /** By place, the number of the state held, from 1. */
  readonly held: Map<string, number>;
  /** Running and not cut off, running alone, or lost with its tables. */
  state: "heard" | "cut" | "dead";
  /** The region has started again as another life. */
  replaced: boolean;
}

const names = ["us-east-1", "eu-west-1", "ap-south-1", "ap-east-1", "us-west-2"];

/** When a schedule begins. */
export const beginMs = 1_760_000_000_000;

/** The result's value; a failure of the store is none that a schedule makes. */
export function got<T>(result: Result<T, unknown>): T {
  if (!result.ok) {
    throw new Error(JSON.stringify(result.error));
  }
  return result.value;
}

const placeOf = (table: Table, { pk, sk }: ItemKey) => `${table}/${pk}/${sk}`;

interface Place {
  readonly table: Table;
  readonly key: ItemKey;
  readonly writer: Origin;
  readonly states: StoredItem[];
}

/** Regions, their lives, and what passes between them. */
export function createLives(count: number, clockOffsetsMs: readonly number[]) {
  const lives: Life[] = [];
  const places = new Map<string, Place>();
  let nowMs = beginMs;

  function bear(index: number): Life {
    const before = lives.filter(({ origin: old }) => originRegion(old) === names[index]).length;
    const born: Life = {
      origin: origin(`${names[index]}#${before + 1}`),
      items: createFakeItems(origin(`${names[index]}#${before + 1}`)),
      clockOffsetMs: clockOffsetsMs[index] ?? 0,
      held: new Map(),
      state: "heard",
      replaced: false,
    };
    lives.push(born);
    return born;
  }
  for (let index = 0; index < count; index += 1) {
    bear(index);
  }

  const present = (index: number): Life => {
    const life = lives.findLast(({ origin: one }) => originRegion(one) === names[index % count]);
    if (life === undefined) {
      throw new Error(`no region ${index}`);
    }
    return life;
  };
  const configured = () => Array.from({ length: count }, (_, index) => present(index));

  /** Enters what a write left as the next state of its item. */
  async function record(life: Life, write: TransactionWrite): Promise<void> {
    const key = keyOfWrite(write);
    const item = got(await life.items.get(write.table, key));
    const name = placeOf(write.table, key);
    const place = places.get(name) ?? { table: write.table, key, writer: life.origin, states: [] };
    places.set(name, place);
    if (item !== undefined) {
      place.states.push(item);
      life.held.set(name, place.states.length);
    }
  }

  /** A state of an item arrives; what is older than what is there changes nothing. */
  function arrive(name: string, place: Place, to: Life, state: number): void {
    const item = place.states[state - 1];
    if (item !== undefined && place.writer !== to.origin && state > (to.held.get(name) ?? 0)) {
      to.held.set(name, state);
      to.items.load(place.table, [item]);
    }
  }

  /** The newest state that can reach anybody: of a running region its own, of a lost one what others hold. */
  function newestOf(name: string, place: Place, to: Life): number {
    const writer = lives.find((life) => life.origin === place.writer);
    const from = lives.filter(({ state }) => state === "heard");
    if (writer === to || to.state !== "heard") {
      return 0;
    }
    return writer?.state === "heard"
      ? place.states.length
      : Math.max(0, ...from.map(({ held }) => held.get(name) ?? 0));
  }

  return {
    lives,
    places,
    present,
    configured,
    bear,
    clockMs: (life: Life) => nowMs + life.clockOffsetMs,
    nowMs: () => nowMs,
    pass(ms: number): void {
      nowMs += ms;
    },

    /** One item of one writer, an older state of it where there is one. */
    deliver(writer: Life, to: Life, item: number, back: number): void {
      const written = [...places].filter(
        ([, place]) => place.writer === writer.origin && place.table === "Stock",
      );
      const [name, place] = written[item % Math.max(1, written.length)] ?? [];
      if (name !== undefined && place !== undefined) {
        arrive(name, place, to, Math.max(1, newestOf(name, place, to) - back));
      }
    },

    /** A new replica holds what the others hold before it is used. */
    fill(born: Life): void {
      for (const [name, place] of places) {
        arrive(name, place, born, newestOf(name, place, born));
      }
    },

    exchange(tables: readonly Table[]): void {
      for (const [name, place] of places) {
        for (const to of tables.includes(place.table) ? lives : []) {
          arrive(name, place, to, newestOf(name, place, to));
        }
      }
    },

    async update(life: Life, write: TransactionWrite & { type: "update" }): Promise<UpdateOutcome> {
      const outcome = got(await life.items.update(write.table, write.key, write.update));
      if (outcome.type === "written") {
        await record(life, write);
      }
      return outcome;
    },

    async transact(life: Life, writes: readonly TransactionWrite[]): Promise<TransactionOutcome> {
      const outcome = got(await life.items.transact(writes));
      for (const write of outcome.type === "written" ? writes : []) {
        await record(life, write);
      }
      return outcome;
    },
  };
}

export type Lives = ReturnType<typeof createLives>;
