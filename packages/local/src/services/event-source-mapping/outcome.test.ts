import { describe, expect, test } from "vitest";
import { readOutcome } from "./outcome.ts";
import { createTestStream, sequenceText } from "./testing/stream.ts";

const stream = createTestStream(() => 0);
const records = ["a", "b", "c"].map((pk) => stream.append(pk));
const read = (payload: string, functionError?: string, reports = true) =>
  readOutcome({ payload, requestId: "r", ...(functionError ? { functionError } : {}) }, records, reports);
const failures = (...identifiers: unknown[]) =>
  JSON.stringify({ batchItemFailures: identifiers.map((itemIdentifier) => ({ itemIdentifier })) });

describe("with reported failures", () => {
  test.each(['{"batchItemFailures":[]}', '{"batchItemFailures":null}', "{}", "null", '""', ""])(
    "%s is success",
    (payload) => {
      expect(read(payload)).toEqual({ type: "succeeded" });
    },
  );

  test("the lowest sequence number is the checkpoint, whatever the order", () => {
    expect(read(failures(sequenceText(3), sequenceText(2)))).toMatchObject({ type: "failed-from", index: 1 });
    expect(read(failures(sequenceText(1)))).toMatchObject({ type: "failed-from", index: 0 });
  });

  test.each([
    failures(""),
    failures(null),
    failures(sequenceText(2), "unknown"),
    failures(sequenceText(9)),
    '{"batchItemFailures":[{"itemId":"1"}]}',
    '{"batchItemFailures":[null]}',
    '{"batchItemFailures":"all"}',
    "[]",
    "7",
    "not JSON",
  ])("%s fails the whole batch", (payload) => {
    expect(read(payload)).toMatchObject({ type: "failed", failure: { requestId: "r" } });
  });
});

test("an error of the function fails the whole batch", () => {
  const failure = { detail: '{"errorMessage":"x"}', functionError: "Unhandled", requestId: "r" };
  expect(read('{"errorMessage":"x"}', "Unhandled")).toEqual({ type: "failed", failure });
  expect(read('{"errorMessage":"x"}', "Unhandled", false)).toEqual({ type: "failed", failure });
});

test("without reported failures the answer does not matter", () => {
  expect(read(failures(sequenceText(1)), undefined, false)).toEqual({ type: "succeeded" });
});
