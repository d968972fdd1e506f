import { createSocket } from "node:dgram";
import { once } from "node:events";
import packet from "dns-packet";

export interface NameQuestion {
  readonly port: number;
  readonly name: string;
  /** Whom the resolver asks for, `203.0.113.64/26`: answers differ by where a client is. */
  readonly subnet: string;
}

export interface NameAnswer {
  /** What the name leads to first: the region's own name. */
  readonly target: string;
  /** ms that the whole answer may be kept: the least of its records' TTLs. */
  readonly ttlMs: number;
}

/** ms of the machine: the name server is on it. */
const answerWithinMs = 2_000;
/** RFC 7871. */
const clientSubnetCode = 8;

/** Asks the world's name server by UDP, as a resolver does for a client of that subnet. Nothing when no answer leads anywhere. */
export async function askName({ port, name, subnet }: NameQuestion): Promise<NameAnswer | undefined> {
  const [ip = "", prefixLength = "0"] = subnet.split("/");
  const bytes = packet.encode({
    type: "query",
    id: 1 + (Math.floor(performance.now()) % 65_000),
    flags: packet.RECURSION_DESIRED,
    questions: [{ name, type: "A" }],
    additionals: [
      {
        type: "OPT",
        name: ".",
        udpPayloadSize: 1_232,
        extendedRcode: 0,
        ednsVersion: 0,
        flags: 0,
        flag_do: false,
        options: [{ code: clientSubnetCode, ip, sourcePrefixLength: Number(prefixLength) }],
      },
    ],
  });
  const reply = await askUdp(port, bytes);
  const answers = reply === undefined ? [] : (packet.decode(reply).answers ?? []);
  const [first] = answers.flatMap((answer) => (answer.type === "CNAME" ? [answer.data] : []));
  const ttls = answers.flatMap((answer) => ("ttl" in answer ? [Number(answer.ttl)] : []));
  return first === undefined ? undefined : { target: first, ttlMs: Math.min(...ttls) * 1_000 };
}

async function askUdp(port: number, bytes: Buffer): Promise<Buffer | undefined> {
  const socket = createSocket("udp4");
  const over = AbortSignal.timeout(answerWithinMs);
  try {
    const answered = once(socket, "message", { signal: over });
    socket.send(bytes, port, "127.0.0.1");
    const [reply] = await answered;
    return reply as Buffer;
  } catch {
    return undefined; // no answer in time, or nobody there: to a client the same
  } finally {
    socket.close();
  }
}
