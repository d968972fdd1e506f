import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect } from "node:net";
import packet, { type DecodedPacket, type Packet, type PacketOpt, type RecordType } from "dns-packet";

interface Asked {
  readonly type?: RecordType;
  /** `203.0.113.0/24` */
  readonly subnet?: string;
  readonly udpPayloadSize?: number;
  readonly ednsVersion?: number;
}

export function query(
  name: string,
  { type = "A", subnet, udpPayloadSize, ednsVersion = 0 }: Asked = {},
): Packet {
  const hasEdns = subnet !== undefined || udpPayloadSize !== undefined || ednsVersion > 0;
  const [ip = "", length = "0"] = subnet?.split("/") ?? [];
  const options: PacketOpt[] =
    subnet === undefined ? [] : [{ code: 8, ip, sourcePrefixLength: Number(length) }];
  const fixed = { extendedRcode: 0, ednsVersion, flags: 0, flag_do: false };
  return {
    type: "query",
    id: 4_711,
    flags: packet.RECURSION_DESIRED,
    questions: [{ name, type }],
    additionals: hasEdns
      ? [{ type: "OPT", name: ".", udpPayloadSize: udpPayloadSize ?? 1_232, ...fixed, options }]
      : [],
  };
}

/** The answer's bytes; nothing when none come within `waitMs`. */
export async function askUdp(port: number, bytes: Buffer, waitMs = 5_000): Promise<Buffer | undefined> {
  const socket = createSocket("udp4");
  const over = new AbortController();
  const answered = once(socket, "message", { signal: over.signal });
  socket.send(bytes, port, "127.0.0.1", () => setTimeout(() => over.abort(), waitMs).unref());
  try {
    const [answer] = await answered;
    return answer as Buffer;
  } catch {
    return undefined;
  } finally {
    socket.close();
  }
}

/** Writes the pieces one after the other and reads until `count` answers are there, or the server hangs up. */
export async function askTcp(
  port: number,
  pieces: readonly Buffer[],
  count: number,
): Promise<readonly DecodedPacket[]> {
  const socket = connect(port, "127.0.0.1").setNoDelay(true);
  for (const piece of pieces) {
    socket.write(piece);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const answers: DecodedPacket[] = [];
  let rest = Buffer.alloc(0);
  for await (const piece of socket) {
    rest = Buffer.concat([rest, piece]);
    while (rest.length >= 2 && rest.length >= 2 + rest.readUInt16BE(0)) {
      const end = 2 + rest.readUInt16BE(0);
      answers.push(packet.decode(rest.subarray(2, end)));
      rest = rest.subarray(end);
    }
    if (answers.length === count) break;
  }
  return answers;
}
