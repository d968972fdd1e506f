import { describe, expect, it } from "vitest";
import { graphOf, tableOf, tableRead } from "../testing/graphs.ts";
import { firstDifference } from "./difference.ts";

const graph = graphOf("prod-us-east-1", "us-east-1", [tableOf("orders", "us-east-1", ["eu-west-1"])]);
const table = "aws:dynamodb/table:Table OrdersTable in us-east-1";

describe("firstDifference", () => {
  it("finds none in equal graphs", () => {
    expect(firstDifference(graph, structuredClone(graph))).toBeUndefined();
  });

  it("names the input that changed", () => {
    const changed = { ...graph, resources: [tableOf("order", "us-east-1", ["eu-west-1"])] };
    expect(firstDifference(graph, changed)).toBe(`${table}: id: committed "orders", evaluated "order"`);
  });

  it("names a place inside lists", () => {
    const changed = { ...graph, resources: [tableOf("orders", "us-east-1", ["eu-west-1", "ap-east-1"])] };
    expect(firstDifference(graph, changed)).toContain(
      `${table}: outputs.replicas.1: committed nothing, evaluated {`,
    );
  });

  it("names resources that came and went, tags and look-ups", () => {
    const none = { ...graph, resources: [] };
    expect(firstDifference(graph, none)).toBe(`${table} is no longer there`);
    expect(firstDifference(none, graph)).toBe(`${table} is new`);
    expect(firstDifference(graph, { ...graph, tags: { a: "b" } })).toBe(
      'tags.a: committed nothing, evaluated "b"',
    );
    expect(firstDifference(graph, { ...graph, lookups: [tableRead("orders", "us-east-1")] })).toContain(
      "is new",
    );
  });
});
