import { ulidAt } from "@antipode/core/testing";
import { expect } from "vitest";
import * as z from "zod";
import { cartSchema, newCartSchema } from "../api/routes/carts/contract.ts";
import type { TestApi } from "./test-world.ts";

export interface Opened {
  readonly id: string;
  readonly token: string;
}

export async function openCart({ app }: TestApi, headers: Record<string, string> = {}): Promise<Opened> {
  const response = await app.request("/v1/carts", { method: "POST", headers });
  expect(response.status).toBe(201);
  const { id, session } = newCartSchema.parse(await response.json());
  expect(response.headers.get("location")).toBe(`/v1/carts/${id}`);
  return { id, token: session.token };
}

let operations = 0;

function newKey(nowMs: number): string {
  operations += 1;
  return ulidAt(nowMs, operations);
}

export interface Line {
  readonly sku?: unknown;
  readonly quantity?: unknown;
}

export async function add(
  { app, clock }: TestApi,
  cart: Opened,
  line: Line = {},
  key = newKey(clock.nowMs()),
): Promise<Response> {
  return app.request(`/v1/carts/${cart.id}/lines`, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${cart.token}`,
      "Content-Type": "application/json",
      "Idempotency-Key": key,
    },
    body: JSON.stringify({ sku: "LAMP-BLACK", quantity: 1, ...line }),
  });
}

async function change(
  { app, clock }: TestApi,
  cart: Opened,
  { method, path, body, key = newKey(clock.nowMs()), headers = {} }: Change,
): Promise<Response> {
  return app.request(`/v1/carts/${cart.id}${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${cart.token}`,
      "Idempotency-Key": key,
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

/** How a change is sent: with a key of its own and no further headers, unless a test says otherwise. */
export interface Sent {
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Change extends Sent {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

export const setQuantity = (api: TestApi, cart: Opened, sku: string, quantity: unknown, sent: Sent = {}) =>
  change(api, cart, { method: "PUT", path: `/lines/${sku}`, body: { quantity }, ...sent });

export const removeLine = (api: TestApi, cart: Opened, sku: string, sent: Sent = {}) =>
  change(api, cart, { method: "DELETE", path: `/lines/${sku}`, ...sent });

/** `seen` is what the guest has seen of the own cart. */
export const mergeGuest = (
  api: TestApi,
  cart: Opened,
  guest: Opened & { readonly seen?: string },
  sent: Sent = {},
) => {
  const seen = guest.seen === undefined ? {} : { seen: guest.seen };
  const body = { cart: guest.id, token: guest.token, ...seen };
  return change(api, cart, { method: "POST", path: "/merge", body, ...sent });
};

export async function read(
  { app }: TestApi,
  cart: Opened,
  headers: Record<string, string> = {},
): Promise<Response> {
  return app.request(`/v1/carts/${cart.id}`, {
    headers: { Authorization: `Bearer ${cart.token}`, ...headers },
  });
}

export const linesOf = async (response: Response) => cartSchema.parse(await response.json()).lines;

const problemSchema = z.object({ type: z.string(), status: z.number(), instance: z.string() });

export async function expectProblem(response: Response, status: number, name: string): Promise<unknown> {
  const body: unknown = await response.json();
  expect(problemSchema.parse(body)).toEqual({
    type: `urn:antipode:problem:${name}`,
    status,
    instance: response.headers.get("request-id"),
  });
  expect(response.status).toBe(status);
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  return body;
}
