import { formatMs } from "./format.ts";

/** An amount as a person types it, or one line that says what it should be. */
export type ReadAmount = { readonly value: number } | { readonly error: string };

const msByUnit: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** `800ms`, `1.5s`, `1m`, `2h`, `0`; negative with a sign. Undefined when it is none of these. */
export function parseMs(text: string): number | undefined {
  const match = /^([+-]?\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  if (match === null) return /^[+-]?0$/.test(text) ? 0 : undefined;
  return Math.round(Number(match[1]) * (msByUnit[match[2] ?? ""] ?? Number.NaN));
}

/** A time within bounds. */
export function readMs(text: string, minMs: number, maxMs: number): ReadAmount {
  const ms = parseMs(text);
  if (ms !== undefined && ms >= minMs && ms <= maxMs) return { value: ms };
  const bounds = `${minMs === 0 ? "0" : formatMs(minMs)} to ${formatMs(maxMs)}`;
  return { error: `"${text}" is not a time from ${bounds}, such as 800ms, 2s or 1m` };
}

/** `50%` as 0.5. */
export function readShare(text: string): ReadAmount {
  const match = /^(\d+(?:\.\d+)?)%$/.exec(text);
  const share = Number(match?.[1]) / 100;
  return share <= 1 ? { value: share } : { error: `"${text}" is not a percentage from 0% to 100%` };
}
