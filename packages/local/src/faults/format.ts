/** `800ms` below a second, then `2s`, `1.5s`. */
export function formatMs(ms: number): string {
  return Math.abs(ms) < 1000 ? `${Math.round(ms)}ms` : `${Number((ms / 1000).toFixed(2))}s`;
}

/** `0.1` as `10%`. */
export function formatShare(share: number): string {
  return `${Number((share * 100).toFixed(2))}%`;
}
