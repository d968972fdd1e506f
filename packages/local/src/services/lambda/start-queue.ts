import type { Instance } from "./instance.ts";
import { InstanceKilledError } from "./instance.ts";

/**
 * Lets so many instances start at once; the others wait for their turn. On AWS a region that comes back starts all of its
 * functions on machines of their own. Here dozens at once would take the two cores from everything that runs already, in
 * every other region too.
 */
export function createStartQueue(atOnceMax: number): (start: () => Instance) => Instance {
  const waiting: (() => void)[] = [];
  let starting = 0;
  const turn = async () => {
    if (starting >= atOnceMax) await new Promise<void>((resolve) => waiting.push(resolve));
    else starting += 1;
  };
  const done = () => {
    const next = waiting.shift();
    if (next === undefined) starting -= 1;
    else next(); // takes the place over
  };

  return (start) => {
    let made: Instance | undefined;
    let stopped = false;
    const begin = async (): Promise<Instance | undefined> => {
      await turn();
      if (stopped) {
        done();
        return undefined;
      }
      try {
        made = start();
      } catch (error) {
        stopped = true;
        done();
        throw error;
      }
      void made.started.finally(done);
      return made;
    };
    const begun = begin();
    const started = begun.then((instance) => instance?.started);
    started.catch(() => {}); // told to whoever waits for it or calls it
    return {
      started,
      isUsable: () => !stopped && made?.isUsable() !== false,
      async invoke(call) {
        const instance = await begun;
        if (instance === undefined) throw new InstanceKilledError();
        return instance.invoke(call);
      },
      async stop() {
        stopped = true;
        await made?.stop();
      },
    };
  };
}
