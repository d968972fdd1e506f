import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import type { DnsAnswer, Question } from "./answer.ts";
import type { LocateClient } from "./client-table.ts";
import {
  badVersion,
  decodeQuery,
  encodeReply,
  type Query,
  type Reply,
  responseCodes,
  udpLimit,
} from "./dns-message.ts";
import { parseDnsName } from "./dns-name.ts";
import { isRecordType } from "./record-set.ts";

const host = "127.0.0.1";
const tcpBytesMax = 65_535; // its length is two bytes
const tcpIdleMs = 10_000; // RFC 7766, 6.2.3: "on the order of a few seconds"
const portTriesMax = 20; // a port that is free for TCP is nearly always free for UDP

export interface DnsServerOptions {
  /** A loopback port for UDP and TCP; a free one when left out. */
  readonly port?: number;
  readonly answer: (question: Question) => DnsAnswer;
  readonly locate: LocateClient;
  /** Decides between weights. */
  readonly random: () => number;
  /** Told of errors that nobody meant to throw. The client gets a server failure. */
  readonly onBug?: (error: unknown) => void;
}

export interface DnsCounts {
  readonly udp: number;
  readonly tcp: number;
  /** What was no query, and got no answer. */
  readonly malformed: number;
}

export interface DnsServer {
  readonly port: number;
  counts(): DnsCounts;
  close(): Promise<void>;
}

/** Name servers of every zone at once, on loopback. Rejects when the port is taken. */
export async function createDnsServer(options: DnsServerOptions): Promise<DnsServer> {
  const counts = { udp: 0, tcp: 0, malformed: 0 };
  const sockets = new Set<Socket>();

  function reply(bytes: Buffer, address: string, transport: "udp" | "tcp"): Buffer | undefined {
    const query = decodeQuery(bytes);
    if (query === undefined) {
      counts.malformed += 1;
      return undefined;
    }
    counts[transport] += 1;
    const bytesMax = transport === "udp" ? udpLimit(query) : tcpBytesMax;
    try {
      return encodeReply(query, replyTo(query, address, options), bytesMax);
    } catch (error) {
      options.onBug?.(error);
      return encodeReply(query, failed(responseCodes.serverFailure), bytesMax);
    }
  }

  const tcp = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    serveTcp(socket, (bytes) => reply(bytes, socket.remoteAddress ?? host, "tcp"));
  });
  const udp = await listen(tcp, options.port);
  udp.on("message", (bytes, from) => {
    const answer = reply(bytes, from.address, "udp");
    // Whether it arrives is the client's to find out, as with any datagram.
    if (answer !== undefined) udp.send(answer, from.port, from.address, () => {});
  });
  return {
    port: udp.address().port,
    counts: () => ({ ...counts }),
    async close() {
      for (const socket of sockets) socket.destroy();
      await Promise.all([
        new Promise((resolve) => tcp.close(resolve)),
        new Promise<void>((resolve) => udp.close(resolve)),
      ]);
    },
  };
}

const statusCodes: Readonly<Record<DnsAnswer["status"], number>> = {
  found: responseCodes.noError,
  "no-data": responseCodes.noError,
  "no-such-name": responseCodes.noSuchName,
  "not-our-zone": responseCodes.refused,
  broken: responseCodes.serverFailure,
};

/** Types that ask for more than a record: they are not built, and Route 53 has no transfers either. */
const wholeZoneTypes: ReadonlySet<string> = new Set(["ANY", "AXFR", "IXFR"]);

function failed(code: number): Reply {
  return { code, records: [], scopePrefixLength: 0 };
}

function replyTo(query: Query, address: string, { answer, locate, random }: DnsServerOptions): Reply {
  const { question, edns } = query;
  if (query.opcode !== "QUERY" || wholeZoneTypes.has(question.type)) return failed(responseCodes.notBuilt);
  if (edns !== undefined && edns.version > 0) return failed(badVersion);
  const subnet = edns?.clientSubnet;
  if (subnet === "invalid") return failed(responseCodes.formatError);
  const name = parseDnsName(question.name);
  if (question.class !== "IN" || !name.ok) return failed(responseCodes.refused);
  // A client that hides its address is where its resolver is. RFC 7871, 7.1.2.
  const hasSubnet = subnet !== undefined && subnet.prefixLength > 0;
  const client = locate(hasSubnet ? subnet.address : address);
  const type = isRecordType(question.type) ? question.type : "other";
  const found = answer({ name: name.value, type, client: client.location, chance: random() });
  return {
    code: statusCodes[found.status],
    records: found.records,
    scopePrefixLength: hasSubnet && found.dependsOnClient ? client.prefixLength : 0,
    ...(found.status !== "found" && found.zone !== undefined ? { absentFrom: found.zone } : {}),
  };
}

/** Messages with their length before them, one after the other, in whatever pieces they come. */
function serveTcp(socket: Socket, reply: (bytes: Buffer) => Buffer | undefined): void {
  let rest = Buffer.alloc(0);
  socket.setTimeout(tcpIdleMs, () => socket.destroy());
  socket.on("error", () => {}); // the client went away: there is nobody to answer
  socket.on("data", (piece) => {
    rest = Buffer.concat([rest, piece]);
    while (rest.length >= 2 && rest.length >= 2 + rest.readUInt16BE(0)) {
      const end = 2 + rest.readUInt16BE(0);
      const answer = reply(rest.subarray(2, end));
      if (answer === undefined) {
        socket.destroy();
        return;
      }
      const length = Buffer.alloc(2);
      length.writeUInt16BE(answer.length);
      socket.write(Buffer.concat([length, answer]));
      rest = rest.subarray(end);
    }
  });
}

/** Takes one port for both transports. */
async function listen(tcp: Server, port: number | undefined): Promise<UdpSocket> {
  for (let attempt = 1; ; attempt += 1) {
    tcp.listen(port ?? 0, host);
    await once(tcp, "listening");
    const udp = createSocket("udp4");
    try {
      udp.bind((tcp.address() as AddressInfo).port, host);
      await once(udp, "listening");
      return udp;
    } catch (error) {
      udp.close();
      await new Promise((resolve) => tcp.close(resolve));
      if (port !== undefined || attempt === portTriesMax) throw error;
    }
  }
}
