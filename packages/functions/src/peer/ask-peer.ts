import { err, ok, type Result } from "@antipode/core";
import type { z } from "zod";
import type { PeerAway, Peers } from "./peers.ts";
import { type PeerAnswerOf, type PeerRequest, type PeerRequestOf, peerAnswers } from "./protocol.ts";

/**
 * Asks a region and reads its answer by the protocol. An answer that is none of the protocol's counts as no answer: the
 * peer may run another version.
 */
export async function askPeer<Type extends PeerRequest["type"]>(
  peers: Peers,
  region: string,
  request: PeerRequestOf<Type> & { readonly type: Type },
  timeoutMs: number,
): Promise<Result<PeerAnswerOf<Type>, PeerAway>> {
  const answer = await peers.ask(region, request, timeoutMs);
  if (!answer.ok) {
    return answer;
  }
  const schema: z.ZodType<PeerAnswerOf<Type>> = peerAnswers[request.type] as never;
  const read = schema.safeParse(answer.value);
  return read.success
    ? ok(read.data)
    : err({ type: "peer-away", region, reason: "the answer is not understood", reached: true });
}
