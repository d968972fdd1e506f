import { type Bench, type Effort, scaled } from "../bench.ts";
import { type Figure, figures, type Unit } from "../figure.ts";
import { timesPerCpuSecond } from "../measure/cpu.ts";
import { against, medianByName } from "../measure/rounds.ts";
import { antipodeCart } from "./antipode.ts";
import { automergeCounters } from "./automerge.ts";
import type { CartForm, StoredCart } from "./cart-form.ts";
import { anyHistory, expectedLines, sameLines } from "./history.ts";
import { yjsNumbers, yjsOperations } from "./yjs.ts";

export const cartForms: readonly CartForm[] = [antipodeCart, yjsNumbers, yjsOperations, automergeCounters];

interface Size {
  readonly lines: number;
  /** Different carts, each from a seed of its own. */
  readonly carts: number;
}

const sizes: readonly Size[] = [
  { lines: 10, carts: 20 },
  { lines: 100, carts: 10 },
  { lines: 1_000, carts: 4 },
];

export interface PlayedForm {
  readonly name: string;
  readonly carts: readonly StoredCart[];
  readonly wrong: number;
  readonly bytes: number;
}

/** The same carts in one form, and how many of them come out otherwise than declared. */
export async function playForm(form: CartForm, lines: number, count: number): Promise<PlayedForm> {
  const carts: StoredCart[] = [];
  let wrong = 0;
  for (let seed = 1; seed <= count; seed += 1) {
    const history = anyHistory(lines, seed);
    const cart = await form.play(history);
    wrong += sameLines(cart.merge(), expectedLines(history)) ? 0 : 1;
    carts.push(cart);
  }
  const bytes = carts.reduce((sum, cart) => sum + cart.bytes, 0) / carts.length;
  return { name: form.name, carts, wrong, bytes };
}

/** Long enough that collecting the garbage of the form measured before is a small part of it. */
const sampleCpuSeconds = 0.3;

function mergesPerCpuSecond(carts: readonly StoredCart[], { scale }: Effort): number {
  const mergeAll = () => {
    for (const cart of carts) {
      cart.merge();
    }
  };
  return carts.length * timesPerCpuSecond(mergeAll, sampleCpuSeconds * scale);
}

async function compareSize({ lines, carts }: Size, effort: Effort): Promise<readonly Figure[]> {
  const played: PlayedForm[] = [];
  for (const form of cartForms) {
    played.push(await playForm(form, lines, scaled(carts, effort)));
  }
  const speeds = await medianByName(
    played.map((form) => ({
      name: form.name,
      sample: () => mergesPerCpuSecond(form.carts, effort),
    })),
    effort.rounds,
  );
  const compare = (what: string, unit: Unit, values: ReadonlyMap<string, number>) => {
    const { value, peers } = against(antipodeCart.name, values);
    return figures(`cart of ${lines} lines, ${what}`, unit, value, peers);
  };
  const byName = (count: "bytes" | "wrong") => new Map(played.map((form) => [form.name, form[count]]));
  return [
    ...compare("decoded and merged", "merges per CPU second", speeds),
    ...compare("stored", "bytes", byName("bytes")),
    ...compare(`carts with a wrong line, of ${scaled(carts, effort)} merged`, "wrong carts", byName("wrong")),
  ];
}

/** Four regions' parts of a cart, decoded, merged and read, against libraries for replicated data. */
export const cartBench: Bench = {
  name: "cart merge",
  async run(effort, report) {
    const found: Figure[] = [];
    for (const size of sizes) {
      report(`cart merge: ${size.lines} lines`);
      found.push(...(await compareSize(size, effort)));
    }
    return found;
  },
};
