import { type DirectAsk, fromAttributes } from "@antipode/core";
import { fence } from "../control/fence.ts";
import { advanceOrder } from "../orders/advance.ts";
import type { DecidingDeps } from "../orders/deps.ts";
import { keepWitness } from "../orders/witness.ts";
import type { LogFields } from "../platform/log.ts";
import { takeDelivery } from "../stock/deliver.ts";
import { type GrantRefusal, grantAsked } from "../stock/grant-asked.ts";
import { type PeerAnswerOf, type PeerRequest, type PeerRequestOf, peerRequestSchema } from "./protocol.ts";

interface Refused {
  readonly type: "refused";
  readonly reason: string;
}

/** Why something was not done: the kind of a failure, a refusal with its reason, or an order's step that failed. */
type Failure =
  | { readonly type: "refused"; readonly reason: string }
  | { readonly type: "step-failed"; readonly step: string }
  | { readonly type: Exclude<GrantRefusal["type"], "refused"> };

type Answer<Type extends PeerRequest["type"]> = Promise<PeerAnswerOf<Type>>;

/** In a few words what went wrong, for the other region's log. */
function reasonOf(error: Failure): string {
  switch (error.type) {
    case "refused":
      return error.reason;
    case "step-failed":
      return `step-failed: ${error.step}`;
    default:
      return error.type;
  }
}

/** The log of this region has all that is known; `ids` are what somebody would look for. */
function refuse(
  deps: DecidingDeps,
  request: PeerRequest["type"],
  { ids, error }: { readonly ids: LogFields; readonly error: Failure },
): Refused {
  deps.log.warn("a peer is refused", { ...ids, request, cause: error });
  return { type: "refused", reason: reasonOf(error) };
}

type Grant = Extract<PeerAnswerOf<"grant">, { type: "granted" }>["grants"][number];

interface Granted {
  readonly grants: readonly Grant[];
  readonly refused?: Refused;
}

/** Asks of one SKU, one after another: they share what the region keeps. None after one that was refused. */
async function grantOne(deps: DecidingDeps, asks: readonly DirectAsk[]): Promise<Granted> {
  const grants: Grant[] = [];
  for (const ask of asks) {
    const granted = await grantAsked(deps, ask);
    if (!granted.ok) {
      return { grants, refused: refuse(deps, "grant", { ids: { ...ask }, error: granted.error }) };
    }
    grants.push({ ...granted.value });
  }
  return { grants };
}

/** SKUs at once, since a shopper waits. What was granted is answered whatever else was refused: those units have left. */
async function grant(deps: DecidingDeps, { asks }: PeerRequestOf<"grant">): Answer<"grant"> {
  const asksBySku = Map.groupBy(asks, ({ sku }) => sku);
  const granted = await Promise.all([...asksBySku.values()].map((asked) => grantOne(deps, asked)));
  const grants = granted.flatMap((one) => one.grants);
  const refused = granted.find((one) => one.refused !== undefined)?.refused;
  return grants.length === 0 && refused !== undefined ? refused : { type: "granted", grants };
}

async function witness(deps: DecidingDeps, request: PeerRequestOf<"witness">): Answer<"witness"> {
  const by = await keepWitness(deps, request);
  if (by.ok) {
    return { type: "witnessed", by: by.value };
  }
  const placed = fromAttributes(request.placed);
  const orderId = placed.ok ? placed.value.pk.replace(/^ORDER#/, "") : undefined;
  return refuse(deps, request.type, { ids: { orderId }, error: by.error });
}

async function advance(deps: DecidingDeps, { type, orderId }: PeerRequestOf<"advance">): Answer<"advance"> {
  const advanced = await advanceOrder(deps, orderId);
  return advanced.ok ? { type: "advanced" } : refuse(deps, type, { ids: { orderId }, error: advanced.error });
}

async function deliver(deps: DecidingDeps, request: PeerRequestOf<"deliver">): Answer<"deliver"> {
  const { type, operationId, sku, quantity } = request;
  const delivered = await takeDelivery(deps, { operationId, sku, quantity });
  return delivered.ok
    ? { type: delivered.value }
    : refuse(deps, type, { ids: { operationId, sku }, error: delivered.error });
}

async function fenceFor(deps: DecidingDeps, request: PeerRequestOf<"fence">): Answer<"fence"> {
  const { type, lost, reclaimer } = request;
  const fenced = await fence(deps, request);
  return fenced.ok
    ? { type: "fenced", ...fenced.value }
    : refuse(deps, type, { ids: { lost, reclaimer }, error: fenced.error });
}

/** Answers other regions. A request that is not understood is a bug of a region, or another version of one: it throws. */
export function createPeer(deps: DecidingDeps) {
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
