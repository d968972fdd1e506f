import { emptyVector, mergeVectors, type VersionVector } from "@antipode/core";
import * as z from "zod";
import { type Attempt, attempt, attemptAlong, isFinalRefusal, tokenHeaders, vectorOf } from "../attempt.ts";
import { type Answer, askShop, askUntilAnswered, type ShopRequest } from "../request.ts";
import type { CartChange, CartSight, Lines } from "./history.ts";
import type { Step } from "./plan.ts";

const cartSchema = z.object({
  id: z.string(),
  lines: z.array(z.object({ sku: z.string(), quantity: z.number() })),
});
const createdSchema = z.object({ id: z.string(), session: z.object({ token: z.string() }) });

/** A cart and the session that opens it. */
export interface OpenCart {
  /** For people and findings; the id is another one in each run. */
  readonly name: string;
  readonly id: string;
  readonly session: string;
}

/** Writes down what happens, in the order in which it happens. */
export interface Notebook {
  readonly sequence: () => number;
  readonly changes: CartChange[];
  readonly sights: CartSight[];
}

export interface ClientOptions {
  readonly api: (region: string) => string;
  readonly notebook: Notebook;
  /** A new operation id. */
  readonly operationId: () => string;
}

export async function openCart(api: string, name: string): Promise<OpenCart> {
  const { body } = await askUntilAnswered(api, { method: "POST", path: "/v1/carts" });
  const { id, session } = createdSchema.parse(body);
  return { name, id, session: session.token };
}

/** One device: it knows what it has been shown of its cart, and sends that along. */
export interface Device {
  take(step: Step, name: string): Promise<void>;
}

type Change = Exclude<Step, { readonly type: "read" }>;

export function createDevice(cart: OpenCart, guest: OpenCart | undefined, options: ClientOptions): Device {
  let token: VersionVector = emptyVector;
  const saw = (seen: VersionVector) => {
    token = mergeVectors(token, seen);
  };
  return {
    async take(step, name) {
      if (step.type === "read") {
        for (const region of step.route) {
          const seen = await readCart(cart, region, { ...options, ...(step.withToken && { token }) });
          if (seen !== undefined) return saw(seen.vector);
        }
        return;
      }
      const sentToken = token;
      const request = requestOf(step, { cart, guest, token: sentToken, operationId: options.operationId() });
      const attempts = await send(step, request, { cart, token: sentToken, options, saw });
      options.notebook.changes.push(changeOf(step, { name, cart, guest, token: sentToken, attempts }));
    },
  };
}

interface Sending {
  readonly cart: OpenCart;
  readonly token: VersionVector;
  readonly options: ClientOptions;
  readonly saw: (vector: VersionVector) => void;
}

async function send(step: Change, request: ShopRequest, sending: Sending): Promise<readonly Attempt[]> {
  const { cart, token, options, saw } = sending;
  const asked = request.headers?.["consistency-token"] === undefined ? undefined : token;
  const sendOptions = {
    api: options.api,
    sequence: options.notebook.sequence,
    onAnswer: (answer: Answer, region: string, at: number) => {
      saw(vectorOf(answer.headers));
      options.notebook.sights.push(sightOf(answer, { cart, region, at, token: asked }));
    },
  };
  const attempts = await attemptAlong(step.route, request, sendOptions);
  if (step.repeatIn === undefined || attempts.some(isFinalRefusal)) return attempts;
  return [...attempts, await attempt(step.repeatIn, request, sendOptions)];
}

interface RequestOptions {
  readonly cart: OpenCart;
  readonly guest: OpenCart | undefined;
  readonly token: VersionVector;
  readonly operationId: string;
}

function requestOf(step: Change, { cart, guest, token, operationId }: RequestOptions): ShopRequest {
  const common = { authorization: `Bearer ${cart.session}`, "idempotency-key": operationId };
  const path = `/v1/carts/${cart.id}`;
  switch (step.type) {
    case "add":
      return {
        method: "POST",
        path: `${path}/lines`,
        headers: common,
        body: { sku: step.sku, quantity: step.quantity },
      };
    case "set":
      return {
        method: "PUT",
        path: `${path}/lines/${step.sku}`,
        headers: { ...common, ...tokenHeaders(token, step.strict) },
        body: { quantity: step.quantity },
      };
    case "remove":
      return {
        method: "DELETE",
        path: `${path}/lines/${step.sku}`,
        headers: { ...common, ...tokenHeaders(token, step.strict) },
      };
    case "merge":
      if (guest === undefined) throw new Error("only a guest's shopper merges");
      return {
        method: "POST",
        path: `${path}/merge`,
        headers: { ...common, ...tokenHeaders(token) },
        body: { cart: guest.id, token: guest.session },
      };
  }
}

interface Done extends Omit<RequestOptions, "operationId"> {
  readonly name: string;
  readonly attempts: readonly Attempt[];
}

function changeOf(step: Change, { name, cart, guest, token, attempts }: Done): CartChange {
  const common = { name, cart: cart.name, attempts };
  switch (step.type) {
    case "add":
      return { ...common, kind: "add", sku: step.sku, quantity: step.quantity };
    case "set":
      return { ...common, kind: "set", sku: step.sku, quantity: step.quantity, token, strict: step.strict };
    case "remove":
      return { ...common, kind: "remove", sku: step.sku, quantity: 0, token, strict: step.strict };
    case "merge":
      return { ...common, kind: "merge", guest: guest?.name ?? "" };
  }
}

/** Nothing when the region did not answer with a cart. */
export async function readCart(
  cart: OpenCart,
  region: string,
  { api, notebook, token }: Omit<ClientOptions, "operationId"> & { readonly token?: VersionVector },
): Promise<CartSight | undefined> {
  const headers = { authorization: `Bearer ${cart.session}`, ...(token && tokenHeaders(token)) };
  const reply = await askShop(api(region), { method: "GET", path: `/v1/carts/${cart.id}`, headers });
  const at = notebook.sequence();
  if (reply.type !== "answer" || reply.status !== 200) return undefined;
  const asked = "consistency-token" in headers ? token : undefined;
  const sight = sightOf(reply, { cart, region, at, token: asked });
  notebook.sights.push(sight);
  return sight;
}

interface Seen {
  readonly cart: OpenCart;
  readonly region: string;
  readonly at: number;
  readonly token: VersionVector | undefined;
}

function sightOf(reply: Answer, { cart, region, at, token }: Seen): CartSight {
  const lines: Lines = Object.fromEntries(
    cartSchema.parse(reply.body).lines.map(({ sku, quantity }) => [sku, quantity]),
  );
  return {
    cart: cart.name,
    region,
    at,
    vector: vectorOf(reply.headers),
    lines,
    ...(token !== undefined && { wish: { token, said: reply.headers.get("consistency") ?? undefined } }),
  };
}
