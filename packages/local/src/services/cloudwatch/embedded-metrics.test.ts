import { describe, expect, it } from "vitest";
import { embeddedMetrics } from "./embedded-metrics.ts";

const directive = {
  Namespace: "Antipode",
  Dimensions: [["service", "environment"]],
  Metrics: [{ Name: "LeaseRemaining", Unit: "Seconds" }],
};

function line(document: object = {}, changed: object = {}): string {
  return JSON.stringify({
    _aws: { Timestamp: 1_767_225_600_000, CloudWatchMetrics: [{ ...directive, ...changed }] },
    service: "Heartbeat",
    environment: "prod",
    LeaseRemaining: 43_200,
    ...document,
  });
}

const value = {
  namespace: "Antipode",
  name: "LeaseRemaining",
  dimensions: { service: "Heartbeat", environment: "prod" },
  value: 43_200,
  unit: "Seconds",
  atMs: 1_767_225_600_000,
};

describe("the embedded metric format", () => {
  it("gives a value under its dimensions, at its own time", () => {
    expect(embeddedMetrics(line())).toEqual([value]);
  });

  it("gives each value of an array, under each set of dimensions, the empty one too", () => {
    const found = embeddedMetrics(line({ LeaseRemaining: [1, 2] }, { Dimensions: [["service"], []] }));
    expect(found.map((one) => [one.value, one.dimensions])).toEqual([
      [1, { service: "Heartbeat" }],
      [1, {}],
      [2, { service: "Heartbeat" }],
      [2, {}],
    ]);
  });

  it("reads every directive, units that are left out, and storage resolution", () => {
    const text = line({
      _aws: {
        Timestamp: value.atMs,
        CloudWatchMetrics: [
          directive,
          { ...directive, Metrics: [{ Name: "Steps", StorageResolution: 1 }], Dimensions: [[]] },
        ],
      },
      Steps: 3,
    });
    expect(embeddedMetrics(text)).toEqual([
      value,
      {
        namespace: "Antipode",
        name: "Steps",
        dimensions: {},
        value: 3,
        atMs: value.atMs,
        highResolution: true,
      },
    ]);
  });

  it("leaves out what refers to nothing, or to another type, and nothing else", () => {
    const metrics = [
      { Name: "LeaseRemaining", Unit: "Seconds" },
      { Name: "Gone" },
      { Name: "Text" },
      { Name: "Many" },
    ];
    const document = { Text: "1", Many: Array(101).fill(1) };
    expect(embeddedMetrics(line(document, { Metrics: metrics }))).toEqual([value]);
    const sets = [["service", "environment"], ["gone"], ["LeaseRemaining"], ["empty"]];
    expect(embeddedMetrics(line({ empty: "" }, { Dimensions: sets }))).toEqual([value]);
  });

  it.each([
    ["plain text", "START CloudWatchMetrics"],
    ["text around the document", `2026-01-01 ${line()}`],
    ["no timestamp", line({ _aws: { CloudWatchMetrics: [directive] } })],
    ["a timestamp that is no number", line({ _aws: { Timestamp: "now", CloudWatchMetrics: [directive] } })],
    ["no namespace", line({}, { Namespace: "" })],
    ["no dimension set", line({}, { Dimensions: [] })],
    ["31 dimensions in a set", line({}, { Dimensions: [Array.from({ length: 31 }, (_, at) => `d${at}`)] })],
    ["101 metrics", line({}, { Metrics: Array(101).fill({ Name: "LeaseRemaining" }) })],
    [
      "a unit that CloudWatch does not know",
      line({}, { Metrics: [{ Name: "LeaseRemaining", Unit: "Hours" }] }),
    ],
    ["another resolution", line({}, { Metrics: [{ Name: "LeaseRemaining", StorageResolution: 5 }] })],
    ["more than a megabyte", line({ more: "x".repeat(1_048_576) })],
  ])("gives nothing of %s", (_, text) => {
    expect(embeddedMetrics(text)).toEqual([]);
  });
});
