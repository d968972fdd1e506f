import { isIPv4 } from "node:net";
import packet, {
  type Answer,
  type DecodedPacket,
  type Question,
  type RecordType as WireType,
} from "dns-packet";
import type { AnsweredRecord } from "./answer.ts";
import { groupOf, type Zone } from "./record-set.ts";
import { txtStrings } from "./txt-value.ts";

export interface ClientSubnet {
  readonly address: string;
  readonly prefixLength: number;
}

export interface Query {
  readonly id: number;
  readonly opcode: string;
  readonly recursionDesired: boolean;
  /** As it was asked: the answer repeats it letter by letter. */
  readonly question: { readonly name: string; readonly type: string; readonly class: string };
  /** Present when the client speaks EDNS. */
  readonly edns?: {
    readonly udpBytesMax: number;
    readonly version: number;
    readonly clientSubnet?: ClientSubnet | "invalid";
  };
}

export const responseCodes = {
  noError: 0,
  formatError: 1,
  serverFailure: 2,
  noSuchName: 3,
  notBuilt: 4,
  refused: 5,
};
/** Goes into two places: its upper bits into the EDNS record. RFC 6891, 6.1.3. */
export const badVersion = 16;

export interface Reply {
  readonly code: number;
  readonly records: readonly AnsweredRecord[];
  /** Whose SOA says how long an absence may be remembered. */
  readonly absentFrom?: Zone;
  /** How many bits of the client's address the answer depends on. */
  readonly scopePrefixLength: number;
}

/** RFC 1035, 4.2.1: what a client without EDNS takes. */
const plainUdpBytesMax = 512;
/** Fits every path without fragments: https://www.dnsflagday.net/2020/ */
const udpBytesMax = 1_232;
const clientSubnetCode = 8;
const plainLabel = /^[\x21-\x7e]{1,63}$/;

/** A query for one name. Nothing when the bytes are none: whoever sent them gets no answer. */
export function decodeQuery(bytes: Buffer): Query | undefined {
  const decoded = decode(bytes);
  const question = decoded?.questions?.[0];
  if (decoded === undefined || question === undefined) return undefined;
  if (decoded.type !== "query" || decoded.questions?.length !== 1) return undefined;
  if (!isRepeatable(question)) return undefined;
  const opt = decoded.additionals?.find((record) => record.type === "OPT");
  const subnet = opt?.options.find((option) => option.code === clientSubnetCode);
  return {
    id: decoded.id ?? 0,
    opcode: decoded.opcode,
    recursionDesired: decoded.flag_rd,
    question: { name: question.name, type: question.type, class: question.class ?? "IN" },
    ...(opt === undefined
      ? {}
      : {
          edns: {
            udpBytesMax: opt.udpPayloadSize,
            version: opt.ednsVersion,
            ...(subnet === undefined ? {} : { clientSubnet: toClientSubnet(subnet) }),
          },
        }),
  };
}

/** Whether the library can write a question as it came, which every answer has to. */
function isRepeatable({ name, class: klass = "IN" }: Question): boolean {
  const isPlain = name === "." || name.split(".").every((part) => plainLabel.test(part));
  return isPlain && !klass.startsWith("UNKNOWN_");
}

/** The library's types leave the operation code out. */
function decode(bytes: Buffer): (DecodedPacket & { readonly opcode: string }) | undefined {
  try {
    return packet.decode(bytes) as DecodedPacket & { readonly opcode: string };
  } catch {
    return undefined; // it throws whatever it stumbles over
  }
}

interface WireSubnet {
  readonly ip?: string | undefined;
  readonly sourcePrefixLength?: number | undefined;
}

function toClientSubnet({ ip = "", sourcePrefixLength = 0 }: WireSubnet): ClientSubnet | "invalid" {
  const bits = isIPv4(ip) ? 32 : 128;
  return sourcePrefixLength > bits ? "invalid" : { address: ip, prefixLength: sourcePrefixLength };
}

export function udpLimit(query: Query): number {
  return Math.min(Math.max(query.edns?.udpBytesMax ?? 0, plainUdpBytesMax), udpBytesMax);
}

/** The reply's bytes; when they are more than fit, a truncated one without records, after which the client asks by TCP. */
export function encodeReply(query: Query, reply: Reply, bytesMax: number): Buffer {
  const whole = encode(query, reply, 0);
  if (whole.length <= bytesMax) return whole;
  const { absentFrom: _, ...rest } = reply;
  return encode(query, { ...rest, records: [] }, packet.TRUNCATED_RESPONSE);
}

function encode(
  query: Query,
  { code, records, absentFrom, scopePrefixLength }: Reply,
  flags: number,
): Buffer {
  const { name, type } = query.question;
  const echoed = query.recursionDesired ? packet.RECURSION_DESIRED : 0;
  const authoritative = code === responseCodes.noError || code === responseCodes.noSuchName;
  return packet.encode({
    type: "response",
    id: query.id,
    flags: flags | echoed | (authoritative ? packet.AUTHORITATIVE_ANSWER : 0) | (code & 0xf),
    questions: [{ name, type: type as WireType, class: query.question.class as "IN" }],
    answers: records.flatMap(toWire),
    authorities: absentFrom === undefined ? [] : authority(absentFrom),
    additionals: query.edns === undefined ? [] : [toOpt(query.edns, code, scopePrefixLength)],
  });
}

function toOpt(
  { clientSubnet }: NonNullable<Query["edns"]>,
  code: number,
  scopePrefixLength: number,
): Answer {
  const options =
    clientSubnet === undefined || clientSubnet === "invalid"
      ? []
      : [
          {
            code: clientSubnetCode as 8,
            family: isIPv4(clientSubnet.address) ? 1 : 2,
            ip: clientSubnet.address,
            sourcePrefixLength: clientSubnet.prefixLength,
            scopePrefixLength,
          },
        ];
  const fixed = { udpPayloadSize: udpBytesMax, ednsVersion: 0, flags: 0, flag_do: false };
  return { type: "OPT", name: ".", ...fixed, extendedRcode: code >> 4, options };
}

function toWire({ name, type, ttlSeconds, value }: AnsweredRecord): Answer[] {
  const head = { name, ttl: ttlSeconds };
  switch (type) {
    case "A":
    case "AAAA":
    case "CNAME":
    case "NS":
      return [{ ...head, type, data: value }];
    case "TXT":
      return [{ ...head, type, data: [...(txtStrings(value) ?? [])] }];
    case "SOA":
      return [{ ...head, type, data: toSoa(value) }];
  }
}

/** RFC 2308: an absence is remembered for the lesser of the SOA's TTL and its last field. */
function authority(zone: Zone): Answer[] {
  return groupOf(zone, zone.name, "SOA").flatMap(({ content }) => {
    if (content.type === "alias") return [];
    return content.values.map((value): Answer => {
      const data = toSoa(value);
      return { name: zone.name, type: "SOA", ttl: Math.min(content.ttlSeconds, data.minimum), data };
    });
  });
}

function toSoa(value: string) {
  const [mname = "", rname = "", ...numbers] = value.split(/\s+/);
  const [serial = 1, refresh = 0, retry = 0, expire = 0, minimum = 0] = numbers.map(Number);
  return { mname, rname, serial, refresh, retry, expire, minimum };
}
