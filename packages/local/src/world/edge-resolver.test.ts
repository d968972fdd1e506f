import { expect, test } from "vitest";
import type { AnsweredRecord, DnsAnswer } from "../services/route53/answer.ts";
import { dnsName } from "../services/route53/testing/record-sets.ts";
import { createVirtualTime } from "../testing-time/virtual-time.ts";
import { createEdgeResolver } from "./edge-resolver.ts";

const record = (type: "A" | "CNAME", value: string, ttlSeconds: number): AnsweredRecord => ({
  name: dnsName("api.shop.test"),
  type,
  value,
  ttlSeconds,
});

test("an answer is kept as long as its shortest-lived record, and no failure is", async () => {
  const time = createVirtualTime();
  let asked = 0;
  let answer: DnsAnswer = { status: "no-such-name", records: [], dependsOnClient: false };
  const resolve = createEdgeResolver({
    answer: () => {
      asked += 1;
      return answer;
    },
    client: { latencyMsByRegion: {} },
    random: () => 0,
    scheduler: time,
  });
  expect(resolve("api.shop.test")).toBeUndefined();
  const found = (address: string) => {
    const records = [record("CNAME", "eu-west-1.shop.test", 10), record("A", address, 60)];
    answer = { status: "found", records, dependsOnClient: true };
  };
  found("127.0.0.101");
  expect(resolve("api.shop.test")).toBe("127.0.0.101");
  found("127.0.0.102");
  await time.advance(9_999);
  expect(resolve("api.shop.test")).toBe("127.0.0.101");
  await time.advance(1);
  expect([resolve("api.shop.test"), asked]).toEqual(["127.0.0.102", 3]);
  expect(resolve("not a name")).toBeUndefined();
});
