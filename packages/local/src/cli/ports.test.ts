import { regions as regionEntries } from "@antipode/core";
import { expect, test } from "vitest";
import { allPorts, portsFrom } from "./ports.ts";

const names = regionEntries.map(({ name }) => name);

test("all ports follow from one", () => {
  expect(portsFrom(5100, ["us-east-1", "eu-west-1"])).toEqual({
    control: 5100,
    regions: { "us-east-1": { api: 5101, endpoint: 5111 }, "eu-west-1": { api: 5102, endpoint: 5112 } },
    payments: 5121,
  });
});

test("no port is given twice, and every one is looked at", () => {
  const all = allPorts(portsFrom(4100, names));
  expect(all).toHaveLength(2 + 2 * names.length);
  expect(new Set(all).size).toBe(all.length);
});
