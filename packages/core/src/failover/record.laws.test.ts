import fc from "fast-check";
import { expect, test } from "vitest";
import { reasonFault } from "../votes/reason-text.ts";
import { noteCharsMax, noteOf } from "./record.ts";

/** Characters of one and two units, halves of characters, and what would break a line. */
const anyUnit = fc.constantFrom(
  "a",
  " ",
  "ü",
  "\u{1f525}",
  "\ud83d",
  "\udd25",
  "\n",
  "\t",
  "\u001b",
  "\u2028",
  "\u200b",
);
/** Of all lengths, and many about as long as a note may be. */
const anyText = fc
  .tuple(fc.constantFrom(0, 390, 396), fc.constantFrom("x", "é"), fc.string({ unit: anyUnit, maxLength: 20 }))
  .chain(([before, filling, end]) =>
    fc.string({ unit: "binary" }).map((more) => `${filling.repeat(before)}${end}${more}`),
  );

test("a note is one line that any service takes, and as much of the text as fits", () => {
  const seen = { cut: 0, cutBeforePair: 0, whole: 0 };
  fc.assert(
    fc.property(anyText, (text) => {
      const note = noteOf(text);
      expect(note.length).toBeLessThanOrEqual(noteCharsMax);
      expect(() => encodeURIComponent(note)).not.toThrow();
      expect(note).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
      const characters = [...text.toWellFormed()];
      const kept = [...note];
      if (note.endsWith("…") && text.length > noteCharsMax) {
        expect(note.length).toBeGreaterThanOrEqual(noteCharsMax - 1);
        kept.pop();
        seen.cut += 1;
        seen.cutBeforePair += note.length < noteCharsMax ? 1 : 0;
      } else if (text.trim() !== "" && reasonFault(text) === undefined) {
        expect(note).toBe(text);
        seen.whole += 1;
      }
      if (note !== "nothing to say") {
        expect(kept.every((character, at) => character === " " || character === characters[at])).toBe(true);
      }
    }),
    { numRuns: 2_000 },
  );
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(20);
});

test("an emoji at the cut is left out whole", () => {
  expect(noteOf(`${"x".repeat(noteCharsMax - 2)}\u{1f525}\u{1f525}`)).toBe(
    `${"x".repeat(noteCharsMax - 2)}…`,
  );
  expect(noteOf(`${"x".repeat(noteCharsMax - 3)}\u{1f525}\u{1f525}`)).toBe(
    `${"x".repeat(noteCharsMax - 3)}\u{1f525}…`,
  );
  expect(noteOf(`${"x".repeat(noteCharsMax - 2)}\u{1f525}`)).toBe(`${"x".repeat(noteCharsMax - 2)}\u{1f525}`);
});

test("a note forges no other line of the page, and is never blank", () => {
  expect(noteOf("operator alice: x\nOpen: all")).toBe("operator alice: x Open: all");
  expect(noteOf("\n")).toBe("nothing to say");
});
