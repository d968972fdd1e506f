/** Runs `work` over all of them, so many at a time, in order of beginning. */
export async function eachLimited<T, R>(
  values: readonly T[],
  atOnceMax: number,
  work: (value: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async () => {
    while (next < values.length) {
      const index = next;
      next += 1;
      results[index] = await work(values[index] as T);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnceMax, values.length) }, worker));
  return results;
}
