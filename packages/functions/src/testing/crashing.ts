/** A function instance that dies at its n-th call of the outside world, before the call takes effect or after. */
export class Crash extends Error {
  override name = "Crash";
}

export interface CrashPlan {
  readonly at: number;
  readonly when: "before" | "after";
}

export interface Crashing {
  /** The same object, whose methods count as calls. */
  wrap<T extends object>(target: T): T;
  calls(): number;
  /** What the call was, when one was died at. */
  diedAt(): string | undefined;
}

export function createCrashing(plan: CrashPlan | undefined): Crashing {
  let calls = 0;
  let died: string | undefined;
  async function call(name: string, run: () => unknown): Promise<unknown> {
    if (died !== undefined) {
      throw new Crash(died); // nothing of a dead instance goes on
    }
    calls += 1;
    const dies = plan !== undefined && calls === plan.at;
    if (dies && plan.when === "before") {
      died = `before ${name}`;
      throw new Crash(died);
    }
    const result = await run();
    if (dies) {
      died = `after ${name}`;
      throw new Crash(died);
    }
    return result;
  }
  return {
    calls: () => calls,
    diedAt: () => died,
    wrap(target) {
      return new Proxy(target, {
        get(object, name) {
          const member: unknown = Reflect.get(object, name);
          return typeof member === "function" && name !== "wrap"
            ? (...args: readonly unknown[]) =>
                call(`${String(name)} ${String(args[0]).slice(0, 12)}`, () =>
                  Reflect.apply(member, object, [...args]),
                )
            : member;
        },
      });
    },
  };
}
