import { expect, test } from "vitest";
import type { DrawnWebhookFaults } from "../provider/faults.ts";
import { deliveriesOf, parseAddress } from "./addresses.ts";
import { signatureOf } from "./sign.ts";

const addresses = [
  { name: "eu-west-1", url: "http://127.0.0.1:1/" },
  { name: "us-east-1", url: "http://127.0.0.1:2/" },
];
const urls = (deliveries: ReturnType<typeof deliveriesOf>) => deliveries.map(({ url }) => url.slice(-2, -1));

test("an address has a region's name, or its host's", () => {
  expect(parseAddress("eu-west-1=http://127.0.0.1:1/")).toEqual(addresses[0]);
  expect(parseAddress("http://127.0.0.1:1/")).toEqual({ name: "127.0.0.1:1", url: "http://127.0.0.1:1/" });
  expect(parseAddress("eu-west-1")).toBeUndefined();
  expect(parseAddress("ftp://127.0.0.1/")).toBeUndefined();
});

test("an event goes to the first address, unless told otherwise", () => {
  expect(urls(deliveriesOf(addresses, {}, 1))).toEqual(["1"]);
  expect(urls(deliveriesOf([], {}, 1))).toEqual([]);
  const inTurn: DrawnWebhookFaults = {
    "webhook-elsewhere": { type: "webhook-elsewhere", to: "round-robin" },
  };
  expect([0, 1, 2].flatMap((turn) => urls(deliveriesOf(addresses, inTurn, turn)))).toEqual(["1", "2", "1"]);
  const named: DrawnWebhookFaults = {
    "webhook-elsewhere": { type: "webhook-elsewhere", to: ["us-east-1"] },
    "webhook-twice": { type: "webhook-twice" },
    "webhook-late": { type: "webhook-late", ms: 9 },
  };
  expect(deliveriesOf(addresses, named, 0)).toEqual([
    { url: addresses[1]?.url, waitMs: 9 },
    { url: addresses[1]?.url, waitMs: 9 },
  ]);
  expect(deliveriesOf(addresses, { "webhook-lost": { type: "webhook-lost" } }, 0)).toEqual([]);
});

test("a signature covers time and body", () => {
  const signature = signatureOf("{}", "whsec_1", 1_700_000_000_999);
  expect(signature).toMatch(/^t=1700000000,v1=[0-9a-f]{64}$/);
  expect(signatureOf("{ }", "whsec_1", 1_700_000_000_999)).not.toBe(signature);
  expect(signatureOf("{}", "whsec_2", 1_700_000_000_999)).not.toBe(signature);
});
