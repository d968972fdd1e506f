/** CPU time in seconds that this process spends on the work, its garbage collector's threads included. */
export async function cpuSeconds(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000_000;
}

/** How often the work is done in a second of CPU time: from as many repeats as fill the sample, one at least. */
export function timesPerCpuSecond(work: () => unknown, sampleSeconds: number): number {
  const before = process.cpuUsage();
  let times = 0;
  let seconds = 0;
  do {
    work();
    times += 1;
    const { user, system } = process.cpuUsage(before);
    seconds = (user + system) / 1_000_000;
  } while (seconds < sampleSeconds || seconds === 0);
  return times / seconds;
}
