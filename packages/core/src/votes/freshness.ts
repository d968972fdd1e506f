/** The distance, not the difference: a clock that was set back must not keep anything for ever. */
export function isFresh(atMs: number, ageMaxMs: number, nowMs: number): boolean {
  return Math.abs(nowMs - atMs) <= ageMaxMs;
}
