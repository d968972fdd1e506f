import type { NameAnswer } from "./ask-name.ts";
import type { WorldTime } from "./world-time.ts";

/** A client's own resolver: it keeps an answer for as long as it says, and the last one while nobody answers. */
export interface Resolver {
  /** The region that the client goes to now. */
  region(): Promise<string | undefined>;
  /** ms until it would ask again. */
  keptMs(): number;
}

export interface ResolverOptions {
  readonly time: Pick<WorldTime, "now">;
  readonly ask: () => Promise<NameAnswer | undefined>;
}

export function createResolver({ time, ask }: ResolverOptions): Resolver {
  let kept: { readonly region: string; readonly untilMs: number } | undefined;
  return {
    keptMs: () => Math.max(0, (kept?.untilMs ?? 0) - time.now()),
    async region() {
      if (kept === undefined || time.now() >= kept.untilMs) {
        const answer = await ask();
        if (answer !== undefined) kept = { region: regionOf(answer), untilMs: time.now() + answer.ttlMs };
      }
      return kept?.region;
    },
  };
}

/** A region's own name is its first label. */
export const regionOf = ({ target }: Pick<NameAnswer, "target">): string => target.split(".")[0] ?? "";
