import { describe, expect, test } from "vitest";
import { onOneLine, reasonFault } from "./reason-text.ts";

describe("an operator's reason", () => {
  test.each([
    "a new disk",
    "?",
    "\u{1f525}",
    "\u{1f469}\u200d\u{1f692}", // the joiner is not seen, what it joins is
    "Überlast",
    "يعمل\u200f ببطء",
    "新しい",
    "x\u200b",
  ])("may be %j", (text) => {
    expect(reasonFault(text)).toBeUndefined();
  });

  test.each([
    ["", /visible/],
    [" \u00a0\u3000", /visible/],
    ["\u200b\u2060\ufeff", /visible/],
    ["\u3164\u115f\uffa0", /visible/], // fillers of Hangul: letters to Unicode, and nothing is drawn
    ["\u2800", /visible/],
    ["\u202e", /visible/],
    ["\u0301", /visible/],
    ["a\nb", /control/],
    ["a\r", /control/],
    ["a\tb", /control/],
    ["a\u0000", /control/],
    ["\u001b[2J", /control/],
    ["a\u0085b", /control/],
    ["a\u2028b", /control/],
    ["a\u2029b", /control/],
    ["\ud83d", /well-formed/],
    ["a\udd25b", /well-formed/],
  ])("is not %j", (text, fault) => {
    expect(reasonFault(text)).toMatch(fault);
  });
});

test("any text is put on one line", () => {
  expect(onOneLine("a\r\nb\tc\u001bd\u2028e\ud83d")).toBe("a  b c d e\ufffd");
  expect(onOneLine("Überlast \u{1f469}\u200d\u{1f692}")).toBe("Überlast \u{1f469}\u200d\u{1f692}");
});
