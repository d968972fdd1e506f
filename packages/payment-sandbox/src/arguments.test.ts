import { expect, test } from "vitest";
import { parseArguments } from "./arguments.ts";

const needed = ["--api-key", "sk_test_1", "--webhook-secret", "whsec_1"];

test("reads what it is started with", () => {
  expect(parseArguments(needed)).toEqual({
    ok: true,
    value: {
      port: 0,
      apiKey: "sk_test_1",
      webhookSecret: "whsec_1",
      webhookAddresses: [],
      seed: 1,
      processingMs: 500,
      time: { scale: 1, sinceMs: 0 },
    },
  });
  const more = [
    "--port=4000",
    "--seed=7",
    "--webhook-url=a=http://127.0.0.1:1/",
    "--webhook-url=http://h:2/",
    "--time-scale=5",
    "--time-since=1700000000000",
  ];
  expect(parseArguments([...needed, ...more])).toMatchObject({
    value: {
      port: 4_000,
      seed: 7,
      webhookAddresses: [{ name: "a" }, { name: "h:2" }],
      time: { scale: 5, sinceMs: 1_700_000_000_000 },
    },
  });
});

test.each([
  ["nothing", []],
  ["a port that is none", [...needed, "--port=99999"]],
  ["time that stands still", [...needed, "--time-scale=0"]],
  ["time since no number", [...needed, "--time-since=today"]],
  ["an address that is none", [...needed, "--webhook-url=nowhere"]],
  ["an argument that it does not know", [...needed, "--colour=red"]],
])("refuses %s", (_, given) => {
  expect(parseArguments(given).ok).toBe(false);
});
