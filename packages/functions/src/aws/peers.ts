import { err, ok, type Result } from "@antipode/core";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import type { PeerAway, Peers } from "../peer/peers.ts";

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

const shownCharsMax = 300; // of a function's error, for the log

function readPayload(region: string, text: string, failed: string | undefined): Result<unknown, PeerAway> {
  const away = (reason: string) => err({ type: "peer-away" as const, region, reason });
  if (failed !== undefined) {
    return away(`${failed}: ${text.slice(0, shownCharsMax)}`);
  }
  try {
    return ok(JSON.parse(text));
  } catch {
    return away("the answer is not JSON");
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
      const FunctionName = functionNames[region];
      if (FunctionName === undefined) {
        return err({ type: "peer-away", region, reason: "not a peer" });
      }
      const command = new InvokeCommand({
        FunctionName,
        InvocationType: "RequestResponse",
        Payload: new TextEncoder().encode(JSON.stringify(request)),
      });
      try {
        const answer = await clientOf(region).send(command, { abortSignal: AbortSignal.timeout(timeoutMs) });
        // The SDK's types say undefined; for an empty answer it gives null.
        const body = answer.Payload ?? undefined;
        return readPayload(region, body?.transformToString("utf-8") ?? "", answer.FunctionError);
      } catch (error) {
        return err({ type: "peer-away", region, reason: String(error) });
      }
    },
  };
}
