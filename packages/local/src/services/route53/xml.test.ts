import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { childOf, childrenOf, parseXml, textOf, writeXml } from "./xml.ts";

const piece = fc.oneof(
  fc.string({ unit: "binary", maxLength: 5 }),
  fc.constantFrom("&", "<", ">", '"', ";", "&amp;", "&#1"),
);

describe("XML", () => {
  it("is read without its attributes, comments and spaces between elements", () => {
    const root = parseXml(
      '<?xml version="1.0"?>\n<Batch xmlns="https://a/">\n <!-- <no/> -->\n <One>1 &lt; 2&#33;&#x21;</One><Two/><List><M>a</M><M>b</M></List>\n</Batch>\n',
    );
    expect(root?.name).toBe("Batch");
    expect(textOf(root, "One")).toBe("1 < 2!!");
    expect(textOf(root, "Two")).toBe("");
    expect(textOf(root, "Three")).toBeUndefined();
    expect(childrenOf(childOf(root, "List"), "M").map(({ text }) => text)).toEqual(["a", "b"]);
  });

  it.each([
    "",
    "text",
    "<a>",
    "</a>",
    "<a></b>",
    "<a/><b/>",
    "<a/>text",
    "<a>&nbsp;</a>",
    "<a>&amp</a>",
    "<a>&#x110000;</a>",
    "<a><b</a>",
    "<a><![CDATA[x]]></a>",
    "<a>".repeat(40) + "</a>".repeat(40),
  ])("is not %j", (text) => {
    expect(parseXml(text)).toBeUndefined();
  });

  it("that is written is read as it was, whatever the text", () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 10 }), (pieces) => {
        const text = pieces.join("");
        const root = parseXml(writeXml("A", [["B", [["C", text]]]], ' xmlns="https://a/"'));
        expect(textOf(childOf(root, "B"), "C")).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  it("leaves out what is not there", () => {
    expect(
      writeXml("A", [
        ["B", undefined],
        ["C", 0],
        ["D", false],
      ]),
    ).toBe("<A><C>0</C><D>false</D></A>");
  });
});
