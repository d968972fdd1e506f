import { describe, expect, it } from "vitest";
import { createRandom } from "../../links/random.ts";
import { judgeCarts } from "./judge.ts";
import { type Defect, playShop } from "./testing/shop-model.ts";

const runs = 400;
const steps = 14;

describe("the judge of carts", () => {
  it("finds nothing in a shop that keeps its promises, whatever was cut, lost or retried", () => {
    for (let seed = 1; seed <= runs; seed += 1) {
      const verdict = judgeCarts(playShop(createRandom(`shop ${seed}`), steps));
      expect(verdict, `seed ${seed}`).toEqual({ lost: 0, doubled: 0, broken: [] });
    }
  });

  it.each<Defect>([
    "forgets",
    "counts retries",
    "removes unseen",
    "removes too little",
    "ignores tokens",
    "copies guests again",
  ])("convicts a shop that %s", (defect) => {
    const convictions = Array.from({ length: 60 }, (_, index) =>
      judgeCarts(playShop(createRandom(`${defect} ${index}`), steps, defect)),
    ).filter(({ broken }) => broken.length > 0);
    expect(convictions.length).toBeGreaterThan(5);
  });
});
