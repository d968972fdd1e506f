import { err, ok, type Result } from "@antipode/core";
import { LambdaClient } from "@aws-sdk/client-lambda";
import type { PeerAway, Peers } from "../peer/peers.ts";
import { invokeForAnswer } from "./invoke.ts";

export interface LambdaPeersOptions {
  /** By region, the name of its Peer function. */
  readonly functionNames: Readonly<Record<string, string>>;
  readonly createClient?: (region: string) => LambdaClient;
}

/** A handshake with a region up to 250 ms away; the answer's time is the caller's to bound. */
const connectionTimeoutMs = 1_000;

/** One attempt: whoever asks knows whether asking again, or another region, is worth the shopper's time. */
function createPeerClient(region: string): LambdaClient {
  return new LambdaClient({
    region,
    maxAttempts: 1,
    requestHandler: { connectionTimeout: connectionTimeoutMs },
  });
}

function readAnswer(region: string, answer: Result<string, string>): Result<unknown, PeerAway> {
  if (!answer.ok) {
    return err({ type: "peer-away", region, reason: answer.error, reached: true });
  }
  try {
    return ok(JSON.parse(answer.value));
  } catch {
    return err({ type: "peer-away", region, reason: "the answer is not JSON", reached: true });
  }
}

/** Peers over Lambda's Invoke: who may ask is IAM's to say, and no public path leads there. */
export function createLambdaPeers({
  functionNames,
  createClient = createPeerClient,
}: LambdaPeersOptions): Peers {
  const clientByRegion = new Map<string, LambdaClient>();

  function clientOf(region: string): LambdaClient {
    const client = clientByRegion.get(region) ?? createClient(region);
    clientByRegion.set(region, client);
    return client;
  }

  return {
    async ask(region, request, timeoutMs) {
      const functionName = functionNames[region];
      if (functionName === undefined) {
        return err({ type: "peer-away", region, reason: "not a peer" });
      }
      const call = { functionName, payload: JSON.stringify(request) };
      try {
        const abortSignal = AbortSignal.timeout(timeoutMs);
        return readAnswer(region, await invokeForAnswer(clientOf(region), call, { abortSignal }));
      } catch (error) {
        return err({ type: "peer-away", region, reason: String(error) });
      }
    },
  };
}
