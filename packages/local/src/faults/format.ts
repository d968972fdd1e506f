/** Longer units, where they say it in few digits: `90s` is `1.5m`, and `61s` stays. */
const unitMs = [
  ["h", 3_600_000],
  ["m", 60_000],
] as const;

/** `800ms` below a second, then `2s`, `1.5s`, `1m`, `2h`. */
export function formatMs(ms: number): string {
  if (Math.abs(ms) < 1000) return `${Math.round(ms)}ms`;
  for (const [unit, length] of unitMs) {
    const tenths = (ms / length) * 10;
    if (Math.abs(tenths) >= 10 && Number.isInteger(tenths)) return `${tenths / 10}${unit}`;
  }
  return `${Number((ms / 1000).toFixed(2))}s`;
}

/** `0.1` as `10%`. */
export function formatShare(share: number): string {
  return `${Number((share * 100).toFixed(2))}%`;
}
