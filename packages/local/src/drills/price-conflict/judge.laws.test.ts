import { describe, expect, it } from "vitest";
import { createRandom } from "../../links/random.ts";
import { judgeField } from "./judge.ts";
import { type Defect, field, type PlayedRound, playCatalog, product } from "./testing/catalog-model.ts";

const runs = 400;
const rounds = 4;

const judge = ({ history, views }: PlayedRound) => judgeField(history, { product, field }, views);

describe("the judge of edits", () => {
  it("finds nothing in a catalog that keeps its promises, whatever was cut, lost or retried", () => {
    let concurrent = 0;
    for (let seed = 1; seed <= runs; seed += 1) {
      for (const round of playCatalog(createRandom(`catalog ${seed}`), rounds)) {
        const verdict = judge(round);
        expect(verdict.broken, `seed ${seed}`).toEqual([]);
        concurrent += verdict.concurrent.length;
      }
    }
    expect(concurrent).toBeGreaterThan(runs); // it is not content for want of anything to judge
  });

  it.each<Defect>([
    "lets the last writer win",
    "forgets to feed",
    "serves the dearest",
    "forgets",
    "replaces unseen",
    "never replaces",
  ])("convicts a catalog that %s", (defect) => {
    const convictions = Array.from({ length: 60 }, (_, index) =>
      playCatalog(createRandom(`${defect} ${index}`), rounds, defect).map(judge),
    ).filter((verdicts) => verdicts.some(({ broken }) => broken.length > 0));
    expect(convictions.length).toBeGreaterThan(20);
  });
});
