import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyOrigin, anyVector, origin } from "../testing/arbitraries.ts";
import { etagToVector, textToVector, vectorToEtag, vectorToText } from "./vector-text.ts";
import {
  compareVectors,
  covers,
  emptyVector,
  incrementVector,
  mergeVectors,
  missingEntries,
  type VersionVector,
  vectorEntries,
  vectorEntry,
} from "./version-vector.ts";

const equal = (left: VersionVector, right: VersionVector) => {
  expect(vectorEntries(left)).toEqual(vectorEntries(right));
};

describe("comparing", () => {
  test("gives exactly the order that the entries have", () => {
    fc.assert(
      fc.property(anyVector, anyVector, (left, right) => {
        const names = new Set([...Object.keys(left), ...Object.keys(right)].map(origin));
        const differences = [...names].map((name) => vectorEntry(left, name) - vectorEntry(right, name));
        const above = differences.some((difference) => difference > 0);
        const below = differences.some((difference) => difference < 0);
        const expected = above && below ? "concurrent" : above ? "after" : below ? "before" : "equal";
        expect(compareVectors(left, right)).toBe(expected);
      }),
    );
  });

  test("is the mirror image of comparing the other way round", () => {
    const mirror = { equal: "equal", before: "after", after: "before", concurrent: "concurrent" };
    fc.assert(
      fc.property(anyVector, anyVector, (left, right) => {
        expect(compareVectors(right, left)).toBe(mirror[compareVectors(left, right)]);
      }),
    );
  });

  test("takes a missing entry for 0", () => {
    fc.assert(
      fc.property(anyVector, anyOrigin, (vector, name) => {
        const { [name]: _dropped, ...without } = vector;
        expect(compareVectors(without, { ...vector, [name]: 0 })).toBe("equal");
      }),
    );
  });

  test("puts an increment after what it was made from", () => {
    fc.assert(
      fc.property(anyVector, anyOrigin, (vector, name) => {
        expect(compareVectors(vector, incrementVector(vector, name))).toBe("before");
      }),
    );
  });
});

describe("merging", () => {
  test("is idempotent, commutative and associative, and starts from the empty vector", () => {
    fc.assert(
      fc.property(anyVector, anyVector, anyVector, (a, b, c) => {
        equal(mergeVectors(a, a), a);
        equal(mergeVectors(a, emptyVector), a);
        equal(mergeVectors(a, b), mergeVectors(b, a));
        equal(mergeVectors(mergeVectors(a, b), c), mergeVectors(a, mergeVectors(b, c)));
      }),
    );
  });

  test("gives the least vector that covers both", () => {
    fc.assert(
      fc.property(anyVector, anyVector, anyVector, (a, b, other) => {
        const merged = mergeVectors(a, b);
        expect(covers(merged, a) && covers(merged, b)).toBe(true);
        if (covers(other, a) && covers(other, b)) {
          expect(covers(other, merged)).toBe(true);
        }
      }),
    );
  });

  test("what is missing, merged in, covers what was wanted, and nothing is missing of what is covered", () => {
    fc.assert(
      fc.property(anyVector, anyVector, (vector, wanted) => {
        const missing = missingEntries(vector, wanted);
        expect(covers(mergeVectors(vector, missing), wanted)).toBe(true);
        expect(vectorEntries(missing).length === 0).toBe(covers(vector, wanted));
      }),
    );
  });
});

describe("the text", () => {
  test("of equal vectors is equal, and reads back", () => {
    fc.assert(
      fc.property(anyVector, anyVector, (left, right) => {
        expect(vectorToText(left) === vectorToText(right)).toBe(compareVectors(left, right) === "equal");
        const read = textToVector(vectorToText(left));
        expect(read.ok && compareVectors(read.value, left)).toBe("equal");
        const tag = etagToVector(`W/${vectorToEtag(left)}`);
        expect(tag.ok && compareVectors(tag.value, left)).toBe("equal");
      }),
    );
  });

  test("that is read has one spelling: what is accepted is what would be written", () => {
    const near = fc.array(fc.constantFrom("us-east-1#1", ":", ";", "0", "1", "9", "=", " ", "__proto__"), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          near.map((parts) => parts.join("")),
        ),
        (text) => {
          const read = textToVector(text);
          if (read.ok) {
            const parts = (spelling: string) => spelling.split(";").sort();
            expect(parts(vectorToText(read.value))).toEqual(parts(text));
          }
        },
      ),
    );
  });

  test.each([
    "",
    "us-east-1#1",
    "us-east-1#1:0",
    "us-east-1#1:01",
    "us-east-1#1:1;us-east-1#1:1",
    "a:1",
    "1",
  ])("%j is refused", (text) => {
    expect(textToVector(text).ok).toBe(false);
  });

  test("is an entity tag that HTTP allows", () => {
    expect(vectorToEtag({ [origin("us-east-1#1")]: 12, [origin("eu-west-1#1")]: 3 })).toBe(
      '"eu-west-1#1:3;us-east-1#1:12"',
    );
    expect(vectorToEtag({})).toBe('"0"');
  });
});
