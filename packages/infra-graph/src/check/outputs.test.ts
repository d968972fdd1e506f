import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Evaluation } from "../evaluate.ts";
import { graphOf, tableOf } from "../testing/graphs.ts";
import { findStaleFiles, readGraph, writeOutputs } from "./outputs.ts";

const graph = graphOf("alice", "us-east-1", [tableOf("orders", "us-east-1")]);
const evaluation: Evaluation = { graph, links: { Orders: { name: "orders", type: "sst.aws.Dynamo" } } };

describe("the committed files", () => {
  let root: string;
  const file = (): string => path.join(root, "graphs/alice.json");

  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), "antipode-outputs-"));
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  it("are missing at first, then written once", () => {
    expect(findStaleFiles(root, [evaluation])).toEqual([
      { file: "graphs/alice.json", difference: "it is missing" },
      { file: "sst-env.d.ts", difference: "it is missing" },
    ]);
    expect(writeOutputs(root, [evaluation])).toEqual(["graphs/alice.json", "sst-env.d.ts"]);
    expect(findStaleFiles(root, [evaluation])).toEqual([]);
    expect(writeOutputs(root, [evaluation])).toEqual([]);
    expect(readGraph("alice", root)).toEqual(graph);
  });

  it("are stale when an input changed, and say which", () => {
    writeOutputs(root, [evaluation]);
    writeFileSync(file(), readFileSync(file(), "utf8").replace('"name": "orders"', '"name": "order"'));
    expect(findStaleFiles(root, [evaluation])).toEqual([
      {
        file: "graphs/alice.json",
        difference:
          'aws:dynamodb/table:Table OrdersTable in us-east-1: inputs.name: committed "order", evaluated "orders"',
      },
    ]);
  });

  it("are stale when only their layout is another, or when they are no graphs", () => {
    writeOutputs(root, [evaluation]);
    writeFileSync(file(), JSON.stringify(graph));
    expect(findStaleFiles(root, [evaluation])).toEqual([
      { file: "graphs/alice.json", difference: "only its layout differs" },
    ]);
    writeFileSync(file(), "<<<<<<< ours");
    expect(findStaleFiles(root, [evaluation])[0]?.difference).toBe("it is not a graph");
  });

  it("are stale when a link changed its shape", () => {
    writeOutputs(root, [evaluation]);
    const changed = { graph, links: { Orders: { name: "orders", arn: "arn", type: "sst.aws.Dynamo" } } };
    expect(findStaleFiles(root, [changed])).toEqual([
      {
        file: "sst-env.d.ts",
        difference: `line 10: committed ${JSON.stringify('      "name": string')}, evaluated ${JSON.stringify('      "arn": string')}`,
      },
    ]);
  });

  it("cannot be read when missing or of another version", () => {
    expect(() => readGraph("alice", root)).toThrow('run "npm run graph"');
    writeOutputs(root, [evaluation]);
    writeFileSync(file(), JSON.stringify({ ...graph, version: 2 }));
    expect(() => readGraph("alice", root)).toThrow("has version 2, expected 1");
  });
});
