import { regions as regionEntries } from "@antipode/core";
import { expect, test } from "vitest";
import { allListening, portsFrom } from "./ports.ts";

const names = regionEntries.map(({ name }) => name);

test("all ports follow from one", () => {
  expect(portsFrom(5100, ["us-east-1", "eu-west-1"])).toEqual({
    control: 5100,
    regions: { "us-east-1": { api: 5101, endpoint: 5111 }, "eu-west-1": { api: 5102, endpoint: 5112 } },
    payments: 5121,
    edges: { "us-east-1": 5131, "eu-west-1": 5132 },
    names: { dns: 5153, named: 5180 },
  });
});

test("no address is given twice, and every one is looked at", () => {
  const all = allListening(portsFrom(4100, names));
  expect(all).toHaveLength(2 + 2 * names.length + 2 + 3 * names.length);
  expect(new Set(all.map((one) => Object.values(one).join())).size).toBe(all.length);
  const ofNames = all.filter(({ host, transport }) => host !== "127.0.0.1" || transport === "udp");
  expect(ofNames.map(({ host, port, transport }) => `${host} ${transport} ${port}`)).toEqual([
    "127.0.0.1 udp 4153",
    ...names.map((_, index) => `127.0.0.${101 + index} tcp 4180`),
    ...names.map((_, index) => `127.0.0.${111 + index} tcp 4180`),
  ]);
});
