/** Works through a list, several at once. Each takes the next one when it is done with its last. */
export async function eachAtOnce<T>(
  list: readonly T[],
  atOnce: number,
  work: (one: T) => Promise<void>,
): Promise<void> {
  const waiting = list.values();
  const workers = Array.from({ length: atOnce }, async () => {
    for (const one of waiting) {
      await work(one);
    }
  });
  await Promise.all(workers);
}
