/** What a figure counts, and which way is better. A unit that can be zero says so. */
export const units = {
  bytes: { better: "less" },
  ms: { better: "less" },
  "ms of CPU": { better: "less" },
  "µs of CPU per call": { better: "less" },
  "merges per CPU second": { better: "more" },
  "records per CPU second": { better: "more" },
  "round trips": { better: "less" },
  "read units": { better: "less" },
  "write units": { better: "less" },
  /** Times that DynamoDB is waited for: calls made side by side are one. */
  waits: { better: "less" },
  "provider calls": { better: "less" },
  "wrong carts": { better: "less", canBeZero: true },
} as const satisfies Readonly<
  Record<string, { readonly better: "less" | "more"; readonly canBeZero?: true }>
>;

export type Unit = keyof typeof units;

/** One comparison, both sides measured in the same run. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: Unit;
  readonly peer: string;
  readonly peerValue: number;
  /** How many times better than the peer: above 1 is better, below 1 worse. */
  readonly ratio: number;
}

/** Divides the worse direction by the better one; counts that can be zero are compared with one added to each. */
export function ratioOf(unit: Unit, value: number, peerValue: number): number {
  const rule: { readonly better: "less" | "more"; readonly canBeZero?: true } = units[unit];
  const added = rule.canBeZero === true ? 1 : 0;
  const [own, other] = [value + added, peerValue + added];
  if (!(own > 0 && other > 0)) {
    throw new Error(`nothing to compare: ${value} and ${peerValue} ${unit}`);
  }
  return rule.better === "more" ? own / other : other / own;
}

/** Three digits say all that a shared machine can. */
export function rounded(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(3));
}

export function figure(name: string, unit: Unit, value: number, peer: string, peerValue: number): Figure {
  const ratio = rounded(ratioOf(unit, value, peerValue));
  return { name, value: rounded(value), unit, peer, peerValue: rounded(peerValue), ratio };
}

/** One value against each of several peers. */
export function figures(
  name: string,
  unit: Unit,
  value: number,
  peerValues: ReadonlyMap<string, number>,
): readonly Figure[] {
  return [...peerValues].map(([peer, peerValue]) => figure(name, unit, value, peer, peerValue));
}
