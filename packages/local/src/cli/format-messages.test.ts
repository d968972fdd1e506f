import { expect, it } from "vitest";
import { formatMessages } from "./format-messages.ts";

it("messages are printed with their texts, and documents by their subjects alone", () => {
  const of = { region: "eu-west-1", topic: "Alarms" };
  const messages = [
    { ...of, at: "2026-01-01T00:00:00.000Z", subject: 'ALARM: "ApiErrors"', message: '{"AlarmName":"x"}' },
    { ...of, at: "2026-01-01T00:01:00.000Z", subject: "Drained", message: "One.\n\nTwo.\n" },
    { ...of, at: "2026-01-01T00:02:00.000Z", message: "plain" },
  ];
  expect(formatMessages(messages).split("\n")).toEqual([
    '2026-01-01T00:00:00.000Z  eu-west-1 Alarms  ALARM: "ApiErrors"',
    "2026-01-01T00:01:00.000Z  eu-west-1 Alarms  Drained",
    "    One.",
    "",
    "    Two.",
    "2026-01-01T00:02:00.000Z  eu-west-1 Alarms",
    "    plain",
  ]);
  expect(formatMessages([])).toBe("nobody has been told anything");
});
