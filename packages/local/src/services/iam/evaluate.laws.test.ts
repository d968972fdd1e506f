import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decide } from "./evaluate.ts";
import { fitsArn, fitsWildcards } from "./match.ts";
import type { Statement } from "./statement.ts";

const part = fc.string({ unit: fc.constantFrom("a", "b", "/", "-"), maxLength: 4 });
const pattern = fc.string({ unit: fc.constantFrom("a", "b", "/", "*", "?"), maxLength: 5 });
const actionName = fc.constantFrom("GetItem", "PutItem", "Query").map((name) => `dynamodb:${name}`);
const actionPattern = fc.constantFrom("*", "dynamodb:*", "dynamodb:GetItem", "dynamodb:?u*", "s3:*");
const arn = fc.tuple(part, part, part, part).map((parts) => `arn:aws:${parts.join(":")}`);
const arnPattern = fc.oneof(
  fc.constant("*"),
  fc.tuple(pattern, pattern, pattern, pattern).map((parts) => `arn:aws:${parts.join(":")}`),
);
const statement: fc.Arbitrary<Statement> = fc.record({
  effect: fc.constantFrom("Allow" as const, "Deny" as const),
  actions: fc.array(actionPattern, { minLength: 1, maxLength: 2 }),
  resources: fc.array(arnPattern, { minLength: 1, maxLength: 2 }),
});
const need = fc.record({ action: actionName, resource: arn });

/** The meaning of a wildcard pattern, by the slow and obvious way. */
function asRegExp(text: string): RegExp {
  const escaped = text.replace(/[.+^${}()|[\]\\/-]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", "[^]*").replaceAll("?", "[^]")}$`);
}

describe("wildcards", () => {
  test("mean what the regular expression means", () => {
    fc.assert(
      fc.property(
        pattern,
        fc.string({ unit: fc.constantFrom("a", "b", "/"), maxLength: 7 }),
        (wanted, text) => {
          expect(fitsWildcards(wanted, text)).toBe(asRegExp(wanted).test(text));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test("in an ARN match part by part, so equal prefixes never leak into the next part", () => {
    fc.assert(
      fc.property(arnPattern, arn, (wanted, actual) => {
        const expected =
          wanted === "*" ||
          wanted.split(":").every((one, index) => asRegExp(one).test(actual.split(":")[index] ?? ""));
        expect(fitsArn(wanted, actual)).toBe(expected);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("deciding", () => {
  test("does not depend on the order of statements", () => {
    fc.assert(
      fc.property(fc.array(statement, { maxLength: 5 }), need, (statements, wanted) => {
        expect(decide(statements.toReversed(), wanted).type).toBe(decide(statements, wanted).type);
      }),
    );
  });

  test("a deny is never undone by adding statements, and nothing is allowed without an allow", () => {
    fc.assert(
      fc.property(fc.array(statement, { maxLength: 5 }), statement, need, (statements, more, wanted) => {
        const before = decide(statements, wanted).type;
        const after = decide([...statements, more], wanted).type;
        if (before === "explicit-deny") expect(after).toBe("explicit-deny");
        if (more.effect === "Deny" && before !== "allowed") expect(after).not.toBe("allowed");
        if (statements.every((one) => one.effect === "Deny")) expect(before).not.toBe("allowed");
      }),
    );
  });

  test("one more allow never takes anything away", () => {
    fc.assert(
      fc.property(fc.array(statement, { minLength: 1, maxLength: 5 }), need, (statements, wanted) => {
        const [first, ...rest] = statements;
        if (first?.effect !== "Allow") return;
        if (decide(rest, wanted).type === "allowed") expect(decide(statements, wanted).type).toBe("allowed");
      }),
    );
  });
});
