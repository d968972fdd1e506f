export interface NamesOptions {
  readonly places: readonly number[];
  /** Whether a region's records in `api-open` and in `api-whole` carry a healthy check. */
  readonly routing: (at: number) => { readonly answered: boolean; readonly whole: boolean };
  readonly weights: { readonly open: number; readonly whole: number };
  readonly chance: () => number;
}

/** As infra gives `api` its two names (infra/traffic.test.ts). */
export const apiWeights = { open: 1, whole: 3 };

/** Where `api` leads, by the names that infra makes of it. Whoever asks is near a region, and the others follow in the order of the list. */
export function createNames({ places, routing, weights, chance }: NamesOptions) {
  const fromNear = (near: number): readonly number[] =>
    places.map((_, away) => (near + away) % places.length);

  /** By the region that it leads to, the share of the answers that those near one get. */
  function led(near: number): ReadonlyMap<number, number> {
    const open = fromNear(near).find((at) => routing(at).answered);
    const whole = fromNear(near).find((at) => routing(at).whole);
    if (open === undefined || whole === undefined) {
      return new Map([[open ?? whole ?? near, 1]]); // as if all were healthy where none is in either set
    }
    const sum = weights.open + weights.whole;
    const shares = new Map([[open, weights.open / sum]]);
    return shares.set(whole, (shares.get(whole) ?? 0) + weights.whole / sum);
  }

  return {
    led,

    /** Open regions, the nearest first. */
    open: (near: number): readonly number[] => fromNear(near).filter((at) => routing(at).answered),

    /** One answer. */
    answer(near: number): number {
      let left = chance();
      for (const [at, share] of led(near)) {
        left -= share;
        if (left < 0) {
          return at;
        }
      }
      return near;
    },
  };
}

export type Names = ReturnType<typeof createNames>;
