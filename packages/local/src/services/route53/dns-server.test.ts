import { Resolver } from "node:dns/promises";
import { createServer } from "node:net";
import packet, { type DecodedPacket, type OptAnswer } from "dns-packet";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { answerQuestion } from "./answer.ts";
import { createClientTable } from "./client-table.ts";
import { createDnsServer, type DnsServer } from "./dns-server.ts";
import { askTcp, askUdp, query } from "./testing/dns-client.ts";
import { alias, geo, latency, values, zoneWith } from "./testing/record-sets.ts";

const europe = { continent: "EU", latencyMsByRegion: { "us-east-1": 70, "eu-west-1": 5 } };
const elsewhere = { continent: "AS", latencyMsByRegion: europe.latencyMsByRegion };
const america = { continent: "NA", latencyMsByRegion: { "us-east-1": 5, "eu-west-1": 70 } };
const zone = zoneWith(
  values("api.shop.test", "us-east-1.shop.test", {
    type: "CNAME",
    routing: latency("us-east-1"),
    ttlSeconds: 10,
  }),
  values("api.shop.test", "eu-west-1.shop.test", {
    type: "CNAME",
    routing: latency("eu-west-1"),
    ttlSeconds: 10,
    check: "eu",
  }),
  values("us-east-1.shop.test", "192.0.2.1"),
  values("eu-west-1.shop.test", "192.0.2.2"),
  alias("geo.shop.test", "eu-west-1.shop.test", { routing: geo("EU") }),
  alias("geo.shop.test", "us-east-1.shop.test", { routing: geo("*") }),
  values("text.shop.test", ['"one" "t\\"wo"', '"three"'], { type: "TXT" }),
  values("six.shop.test", "2001:db8::1", { type: "AAAA" }),
  ...[30, 60].map((count) =>
    values(
      `${count}.shop.test`,
      Array.from({ length: count }, (_, index) => `192.0.2.${index}`),
    ),
  ),
);

let server: DnsServer;
let resolver: Resolver;
let sick: string[];
let bugs: unknown[];
let broken: boolean;

beforeEach(async () => {
  [sick, bugs, broken] = [[], [], false];
  server = await createDnsServer({
    answer(question) {
      if (broken) throw new Error("no zones today");
      const isCheckHealthy = (id: string) => !sick.includes(id);
      return answerQuestion({ zones: [zone], isCheckHealthy, foreignValues: () => undefined }, question);
    },
    locate: createClientTable(
      [
        { subnet: "203.0.113.0/24", location: europe },
        { subnet: "2001:db8::/32", location: europe },
        { subnet: "127.0.0.0/8", location: america },
      ],
      elsewhere,
    ),
    random: () => 0,
    onBug: (error) => bugs.push(error),
  });
  resolver = new Resolver();
  resolver.setServers([`127.0.0.1:${server.port}`]);
});

afterEach(() => server.close());

async function ask(...asked: Parameters<typeof query>): Promise<DecodedPacket> {
  const bytes = await askUdp(server.port, packet.encode(query(...asked)));
  if (bytes === undefined) throw new Error("no answer");
  return packet.decode(bytes);
}

const data = (answer: DecodedPacket) =>
  answer.answers?.map((record) => ("data" in record ? record.data : record.name));
const optOf = (answer: DecodedPacket) =>
  answer.additionals?.find((record): record is OptAnswer => record.type === "OPT");
const codeOf = (answer: DecodedPacket) => (answer as DecodedPacket & { readonly rcode: string }).rcode;

describe("a resolver", () => {
  it("gets addresses, texts and names", async () => {
    expect(await resolver.resolve4("us-east-1.shop.test", { ttl: true })).toEqual([
      { address: "192.0.2.1", ttl: 60 },
    ]);
    expect(await resolver.resolve6("six.shop.test")).toEqual(["2001:db8::1"]);
    expect(await resolver.resolveTxt("text.shop.test")).toEqual([["one", 't"wo'], ["three"]]);
    expect(await resolver.resolveCname("api.shop.test")).toEqual(["us-east-1.shop.test"]);
    expect(await resolver.resolve4("api.shop.test")).toEqual(["192.0.2.1"]);
    expect(await resolver.resolveNs("shop.test")).toEqual(["ns-1.local.test"]);
    expect(await resolver.resolveSoa("shop.test")).toMatchObject({
      nsname: "ns-1.local.test",
      minttl: 86_400,
    });
  });

  it("is told apart a name that does not exist and one without such data", async () => {
    await expect(resolver.resolve4("gone.shop.test")).rejects.toMatchObject({ code: "ENOTFOUND" });
    await expect(resolver.resolve6("us-east-1.shop.test")).rejects.toMatchObject({ code: "ENODATA" });
    await expect(resolver.resolve4("shop.example")).rejects.toMatchObject({ code: "EREFUSED" });
  });

  it("gets a long answer whole, by TCP", async () => {
    expect(await resolver.resolve4("60.shop.test")).toHaveLength(60);
    expect(server.counts()).toEqual({ udp: 1, tcp: 1, malformed: 0 });
  });
});

describe("an answer", () => {
  it("repeats the question and says whose it is", async () => {
    const answer = await ask("API.Shop.Test");
    expect(answer).toMatchObject({
      id: 4_711,
      type: "response",
      flag_aa: true,
      flag_rd: true,
      flag_ra: false,
      flag_tc: false,
      questions: [{ name: "API.Shop.Test", type: "A" }],
    });
    expect(answer.answers).toMatchObject([
      { name: "api.shop.test", type: "CNAME", ttl: 10, data: "us-east-1.shop.test" },
      { name: "us-east-1.shop.test", type: "A", ttl: 60, data: "192.0.2.1" },
    ]);
    expect(answer.additionals).toEqual([]);
  });

  it("of absence carries the zone's SOA, to be remembered no longer than that says", async () => {
    for (const name of ["gone.shop.test", "six.shop.test"]) {
      const answer = await ask(name);
      expect(answer.authorities).toMatchObject([{ type: "SOA", name: "shop.test", ttl: 900 }]);
      expect(codeOf(answer)).toBe(name === "gone.shop.test" ? "NXDOMAIN" : "NOERROR");
    }
    expect((await ask("us-east-1.shop.test")).authorities).toEqual([]);
  });

  it("too long for UDP is cut and says so, at what the client takes", async () => {
    const plain = await ask("30.shop.test");
    expect([plain.flag_tc, data(plain)]).toEqual([true, []]);
    expect((await ask("30.shop.test", { udpPayloadSize: 1_232 })).answers).toHaveLength(30);
    expect((await ask("30.shop.test", { udpPayloadSize: 700 })).flag_tc).toBe(true);
    expect(
      (await ask("60.shop.test", { udpPayloadSize: 4_096 })).flag_tc,
      "it would not fit every path",
    ).toBe(true);
    expect((await ask("us-east-1.shop.test", { udpPayloadSize: 1 })).flag_tc).toBe(false);
  });
});

describe("the client's place", () => {
  it("is that of its subnet, which the answer repeats with the bits it depends on", async () => {
    const answer = await ask("api.shop.test", { subnet: "203.0.113.0/24" });
    expect(data(answer)).toEqual(["eu-west-1.shop.test", "192.0.2.2"]);
    expect(optOf(answer)?.options).toMatchObject([
      { code: 8, family: 1, ip: "203.0.113.0", sourcePrefixLength: 24, scopePrefixLength: 24 },
    ]);
    expect(data(await ask("geo.shop.test", { subnet: "203.0.113.0/24" }))).toEqual(["192.0.2.2"]);
  });

  it("may be in IPv6, and in no known subnet", async () => {
    const six = await ask("api.shop.test", { subnet: "2001:db8:1::/48" });
    expect(data(six)).toEqual(["eu-west-1.shop.test", "192.0.2.2"]);
    expect(optOf(six)?.options).toMatchObject([{ family: 2, sourcePrefixLength: 48, scopePrefixLength: 32 }]);
    expect(data(await ask("geo.shop.test", { subnet: "198.51.100.0/24" }))).toEqual(["192.0.2.1"]);
  });

  it("is its resolver's when it hides", async () => {
    const answer = await ask("api.shop.test", { subnet: "0.0.0.0/0" });
    expect(data(answer)).toEqual(["us-east-1.shop.test", "192.0.2.1"]);
    expect(optOf(answer)?.options).toMatchObject([{ sourcePrefixLength: 0, scopePrefixLength: 0 }]);
  });

  it("does not matter where nothing depends on it", async () => {
    const answer = await ask("us-east-1.shop.test", { subnet: "203.0.113.0/24" });
    expect(optOf(answer)?.options).toMatchObject([{ scopePrefixLength: 0 }]);
  });

  it("gives way to health", async () => {
    sick = ["eu"];
    expect(data(await ask("api.shop.test", { subnet: "203.0.113.0/24" }))).toEqual([
      "us-east-1.shop.test",
      "192.0.2.1",
    ]);
  });
});

describe("what is not answered", () => {
  it("is refused by its code", async () => {
    expect(codeOf(await ask("shop.test", { type: "AXFR" }))).toBe("NOTIMP");
    expect(codeOf(await ask("shop.example"))).toBe("REFUSED");
    const notify = packet.encode({ ...query("shop.test"), flags: 4 << 11 });
    const [code, version] = [await askUdp(server.port, notify), await ask("shop.test", { ednsVersion: 1 })];
    expect(codeOf(packet.decode(code ?? Buffer.alloc(0)))).toBe("NOTIMP");
    expect([codeOf(version), optOf(version)?.extendedRcode]).toEqual(["NOERROR", 1]);
    const chaos = packet.encode({
      ...query("x"),
      questions: [{ name: "text.shop.test", type: "TXT", class: "CH" }],
    });
    expect(codeOf(packet.decode((await askUdp(server.port, chaos)) ?? Buffer.alloc(0)))).toBe("REFUSED");
  });

  it("is an address with more bits than it has", async () => {
    const bytes = packet.encode(query("api.shop.test", { subnet: "203.0.113.0/24" }));
    bytes[bytes.indexOf(Buffer.from([203, 0, 113])) - 2] = 33;
    expect(codeOf(packet.decode((await askUdp(server.port, bytes)) ?? Buffer.alloc(0)))).toBe("FORMERR");
  });

  it("is dropped and counted when it is no query", async () => {
    const response = packet.encode({ ...query("shop.test"), type: "response" });
    const two = packet.encode({
      ...query("shop.test"),
      questions: [...Array(2)].map(() => ({ name: "a", type: "A" })),
    });
    const binary = packet.encode(query("ab.shop.test"));
    binary[13] = 0xff;
    const otherClass = packet.encode(query("shop.test"));
    otherClass[otherClass.length - 1] = 77;
    for (const bytes of [
      binary,
      otherClass,
      Buffer.alloc(0),
      Buffer.from("hello"),
      Buffer.alloc(300, 0xff),
      response,
      two,
    ]) {
      expect(await askUdp(server.port, bytes, 30)).toBeUndefined();
    }
    await expect.poll(() => server.counts()).toEqual({ udp: 0, tcp: 0, malformed: 7 });
    expect(data(await ask("us-east-1.shop.test"))).toEqual(["192.0.2.1"]);
  });

  it("is a failure of ours, which is reported", async () => {
    broken = true;
    expect(codeOf(await ask("shop.test"))).toBe("SERVFAIL");
    expect(bugs).toMatchObject([{ message: "no zones today" }]);
  });
});

describe("over TCP", () => {
  const framed = (name: string) => packet.streamEncode(query(name));

  it("queries come in one piece, several pieces or several at once", async () => {
    const bytes = Buffer.concat(["us-east-1.shop.test", "eu-west-1.shop.test", "gone.shop.test"].map(framed));
    const pieces = [bytes.subarray(0, 1), bytes.subarray(1, 20), bytes.subarray(20)];
    const answers = await askTcp(server.port, pieces, 3);
    expect(answers.map(data)).toEqual([["192.0.2.1"], ["192.0.2.2"], []]);
    expect(server.counts()).toEqual({ udp: 0, tcp: 3, malformed: 0 });
  });

  it("what is no query ends the connection, and nothing else", async () => {
    const nonsense = Buffer.from([0, 3, 1, 2, 3]);
    const answers = await askTcp(
      server.port,
      [framed("us-east-1.shop.test"), nonsense, framed("six.shop.test")],
      2,
    );
    expect(answers).toHaveLength(1);
    expect(server.counts().malformed).toBe(1);
    expect(await askTcp(server.port, [framed("us-east-1.shop.test")], 1)).toHaveLength(1);
  });
});

describe("the port", () => {
  it("that is taken is said at once", async () => {
    const other = createDnsServer({
      port: server.port,
      answer: () => ({ status: "broken", records: [], dependsOnClient: false }),
      locate: createClientTable([], america),
      random: () => 0,
    });
    await expect(other).rejects.toMatchObject({ code: "EADDRINUSE" });
  });

  it("is free again after the end, with open connections too", async () => {
    const { port } = server;
    const open = askTcp(port, [packet.streamEncode(query("us-east-1.shop.test"))], 2).catch(() => []);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const startMs = performance.now();
    await server.close();
    expect(performance.now() - startMs, "idle connections are not waited for").toBeLessThan(5_000);
    await open;
    const next = createServer();
    await new Promise<void>((resolve) => next.listen(port, "127.0.0.1", resolve));
    await new Promise((resolve) => next.close(resolve));
    server = await createDnsServer({
      port,
      answer: () => ({ status: "broken", records: [], dependsOnClient: false }),
      locate: createClientTable([], america),
      random: () => 0,
    });
    expect(server.port).toBe(port);
  });
});
