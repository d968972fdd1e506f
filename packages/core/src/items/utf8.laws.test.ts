import { Buffer } from "node:buffer";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareUtf8, utf8Bytes } from "./utf8.ts";

const anyText = fc.string({ unit: "binary" });
/** Short texts of few characters, so that many share a beginning; of one to four bytes each. */
const closeText = fc.string({ unit: fc.constantFrom("a", "é", "\uff61", "\u{1f600}"), maxLength: 4 });
const anyPair = fc.oneof(fc.tuple(anyText, anyText), fc.tuple(closeText, closeText));

describe("UTF-8", () => {
  test("a text has as many bytes as Node encodes it in", () => {
    fc.assert(
      fc.property(fc.oneof(anyText, closeText, fc.constantFrom("\ud800", "a\udc00b")), (text) => {
        expect(utf8Bytes(text)).toBe(Buffer.byteLength(text, "utf8"));
      }),
    );
  });

  test("texts are ordered as their bytes are", () => {
    fc.assert(
      fc.property(anyPair, ([a, b]) => {
        expect(Math.sign(compareUtf8(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
  });
});
