/** The first answers of a world: on a busy machine functions and tables take seconds for them, and regions refuse meanwhile. */

export interface AskPorts {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly delay: (ms: number) => Promise<unknown>;
}

const triesMax = 20;
const tryAgainMs = 1_000;

/** Longer than a region waits for its tables, with a cold start before. */
const answerWithinMs = 10_000;

/** Asks until the answer is another one than 503, which says to try again, twenty times at most. */
export async function askUntilServed(url: string, init: RequestInit, ports: AskPorts): Promise<Response> {
  for (let tried = 1; ; tried += 1) {
    const isLast = tried === triesMax;
    try {
      const response = await ports.fetch(url, { ...init, signal: AbortSignal.timeout(answerWithinMs) });
      if (response.status !== 503 || isLast) return response;
      await response.arrayBuffer();
    } catch (error) {
      if (isLast) throw error;
    }
    await ports.delay(tryAgainMs);
  }
}

/** Waits until each region has read its tables once, as its `/ready` does. Returns those that do not get that far. */
export async function waitUntilReady(
  regions: readonly string[],
  api: (region: string) => string,
  ports: AskPorts,
): Promise<readonly string[]> {
  const isReady = async (region: string): Promise<boolean> => {
    try {
      return (await askUntilServed(`${api(region)}/ready`, {}, ports)).ok;
    } catch {
      return false; // no answer at all: who asks it next is told more
    }
  };
  const ready = await Promise.all(regions.map(isReady));
  return regions.filter((_, index) => ready[index] === false);
}
