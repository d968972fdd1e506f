import packet from "dns-packet";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeQuery, encodeReply, type Reply, udpLimit } from "./dns-message.ts";
import { query } from "./testing/dns-client.ts";
import { dnsName } from "./testing/record-sets.ts";

const label = fc.stringMatching(/^[a-zA-Z0-9_]{1,20}$/);
const name = fc.array(label, { minLength: 1, maxLength: 5 }).map((labels) => labels.join("."));
const asked = fc.record({ name, subnet: fc.option(fc.integer({ min: 0, max: 32 }), { nil: undefined }) });
const reply: fc.Arbitrary<Reply> = fc.record({
  code: fc.constantFrom(0, 2, 3, 5, 16),
  records: fc.array(
    fc.record({
      name: name.map(dnsName),
      type: fc.constant("A" as const),
      ttlSeconds: fc.integer({ min: 0, max: 172_800 }),
      value: fc.ipV4(),
    }),
    { maxLength: 60 },
  ),
  scopePrefixLength: fc.integer({ min: 0, max: 32 }),
});
const toBytes = (draw: { name: string; subnet: number | undefined }) =>
  packet.encode(query(draw.name, draw.subnet === undefined ? {} : { subnet: `203.0.113.7/${draw.subnet}` }));

describe("messages", () => {
  it("of any bytes are a query or nothing, and never a crash", () => {
    const spoilt = fc
      .tuple(
        asked.map(toBytes),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }),
        fc.constantFrom(0, 0, 1, 5),
      )
      .map(([bytes, changes, cut]) => {
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
        return bytes.subarray(0, bytes.length - cut);
      });
    let queries = 0;
    fc.assert(
      fc.property(
        fc.oneof(
          spoilt,
          fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes)),
        ),
        reply,
        (bytes, any) => {
          const decoded = decodeQuery(bytes);
          if (decoded === undefined) return;
          queries += 1;
          const answer = packet.decode(encodeReply(decoded, any, udpLimit(decoded)));
          expect(answer.id).toBe(decoded.id);
          expect(answer.questions).toEqual([decoded.question]);
        },
      ),
      { numRuns: 2_000 },
    );
    expect(queries, "the draws would prove nothing if none were queries").toBeGreaterThan(200);
  });

  it("repeat the question, letter by letter, and fit what the client takes", () => {
    fc.assert(
      fc.property(asked, reply, (draw, any) => {
        const decoded = decodeQuery(toBytes(draw));
        if (decoded === undefined) throw new Error("a query is one");
        const bytes = encodeReply(decoded, any, udpLimit(decoded));
        expect(bytes.length).toBeLessThanOrEqual(draw.subnet === undefined ? 512 : 1_232);
        const answer = packet.decode(bytes);
        expect(answer.questions?.[0]?.name).toBe(draw.name);
        expect(answer.answers, "all records or none").toHaveLength(answer.flag_tc ? 0 : any.records.length);
      }),
      { numRuns: 500 },
    );
  });
});
