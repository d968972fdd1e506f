import { describe, expect, it } from "vitest";
import { graphOf, tableRead } from "../testing/graphs.ts";
import { findBrokenTexts } from "./find-broken-texts.ts";

describe("findBrokenTexts", () => {
  it("names the first broken text of each entry and its place", () => {
    const topic = { type: "aws:sns/topic:Topic", name: "News", region: "us-east-1" };
    const graph = graphOf(
      "alice",
      "us-east-1",
      [
        { ...topic, inputs: { list: ["fine", { deep: "arn:undefined:x" }] } },
        { ...topic, name: "Fine", inputs: { text: "undefinedness is a word of its own" } },
      ],
      [tableRead("antipode-[object Object]", "us-east-1")],
    );
    expect(findBrokenTexts(graph)).toEqual([
      'aws:sns/topic:Topic "News": inputs.list.1.deep is "arn:undefined:x"',
      'aws:dynamodb/table:Table "OrdersTable": key.id is "antipode-[object Object]"',
    ]);
  });
});
