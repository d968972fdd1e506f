import { fence } from "../control/fence.ts";
import { advanceOrder } from "../orders/advance.ts";
import type { SellingDeps } from "../orders/deps.ts";
import { keepWitness } from "../orders/witness.ts";
import { takeDelivery } from "../stock/deliver.ts";
import { grantAsked } from "../stock/grant-asked.ts";
import { type PeerAnswerOf, type PeerRequest, type PeerRequestOf, peerRequestSchema } from "./protocol.ts";

interface Refused {
  readonly type: "refused";
  readonly reason: string;
}

type Answer<Type extends PeerRequest["type"]> = Promise<PeerAnswerOf<Type>>;

/** In one word what went wrong; the log of this region has the rest. */
function refuse(deps: SellingDeps, request: PeerRequest, error: { readonly type: string }): Refused {
  deps.log.warn("a peer is refused", { request: request.type, cause: error });
  const reason = "reason" in error && typeof error.reason === "string" ? error.reason : error.type;
  return { type: "refused", reason };
}

async function grant(deps: SellingDeps, request: PeerRequestOf<"grant">): Answer<"grant"> {
  const grants = [];
  for (const ask of request.asks) {
    const granted = await grantAsked(deps, ask);
    if (!granted.ok) {
      return refuse(deps, request, granted.error);
    }
    grants.push({ ...granted.value });
  }
  return { type: "granted", grants };
}

async function witness(deps: SellingDeps, request: PeerRequestOf<"witness">): Answer<"witness"> {
  const by = await keepWitness(deps, request);
  return by.ok ? { type: "witnessed", by: by.value } : refuse(deps, request, by.error);
}

async function advance(deps: SellingDeps, request: PeerRequestOf<"advance">): Answer<"advance"> {
  const advanced = await advanceOrder(deps, request.orderId);
  return advanced.ok ? { type: "advanced" } : refuse(deps, request, advanced.error);
}

async function deliver(deps: SellingDeps, request: PeerRequestOf<"deliver">): Answer<"deliver"> {
  const { operationId, sku, quantity } = request;
  const delivered = await takeDelivery(deps, { operationId, sku, quantity });
  return delivered.ok ? { type: delivered.value } : refuse(deps, request, delivered.error);
}

async function fenceFor(deps: SellingDeps, request: PeerRequestOf<"fence">): Answer<"fence"> {
  const fenced = await fence(deps, request);
  return fenced.ok ? { type: "fenced", ...fenced.value } : refuse(deps, request, fenced.error);
}

/** Answers other regions. A request that is not understood is a bug of a region, or another version of one: it throws. */
export function createPeer(deps: SellingDeps) {
  return async (event: unknown): Promise<PeerAnswerOf<PeerRequest["type"]>> => {
    const request = peerRequestSchema.parse(event);
    switch (request.type) {
      case "grant":
        return grant(deps, request);
      case "witness":
        return witness(deps, request);
      case "advance":
        return advance(deps, request);
      case "deliver":
        return deliver(deps, request);
      case "fence":
        return fenceFor(deps, request);
    }
  };
}
