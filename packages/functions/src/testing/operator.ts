import { adminClaims, type FieldName, itemToConflict, type Product } from "@antipode/core";
import { replicateAll, ulidAt } from "@antipode/core/testing";
import { expect } from "vitest";
import type * as z from "zod";
import { conflictPageSchema } from "../api/routes/conflicts/contract.ts";
import { productSchema } from "../api/routes/products/contract.ts";
import { rebuildView } from "../dispatcher/catalog/rebuild-view.ts";
import { lamp } from "./catalog.ts";
import { createRecordingMeasurements, type TestApi } from "./test-world.ts";

const shiftMs = 8 * 3_600_000;

export async function operatorToken({ sessions, clock }: TestApi, name = "alice"): Promise<string> {
  const claims = adminClaims(name, clock.nowMs(), shiftMs);
  if (!claims.ok) {
    throw new Error(claims.error.type);
  }
  return sessions.sign(claims.value);
}

let operations = 500_000;

export function newOperation({ clock }: TestApi): string {
  operations += 1;
  return ulidAt(clock.nowMs(), operations);
}

type Headers = Readonly<Record<string, string>>;

/** A request as an operator sends it: token, operation id, JSON. */
export async function operate(
  api: TestApi,
  method: "GET" | "POST" | "PUT" | "PATCH",
  path: string,
  body?: unknown,
  headers: Headers = {},
): Promise<Response> {
  return api.app.request(path, {
    method,
    headers: {
      Authorization: `Bearer ${await operatorToken(api)}`,
      ...(method === "GET"
        ? {}
        : { "Content-Type": "application/json", "Idempotency-Key": newOperation(api) }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

export const create = (api: TestApi, product: unknown = lamp, headers: Headers = {}) =>
  operate(api, "POST", "/v1/products", product, headers);

export const patch = (api: TestApi, changes: unknown, headers: Headers = {}, id: string = lamp.id) =>
  operate(api, "PATCH", `/v1/products/${id}`, changes, headers);

export const price = (api: TestApi, amountMinor: unknown, headers: Headers = {}, of = "LAMP/EUR") =>
  operate(api, "PUT", `/v1/products/${lamp.id}/prices/${of}`, { amountMinor }, headers);

export const settle = (api: TestApi, conflict: string, value: unknown, headers: Headers = {}) =>
  operate(api, "POST", `/v1/products/${lamp.id}/settlements`, { conflict, value }, headers);

export async function productIn(response: Response): Promise<z.infer<typeof productSchema>> {
  expect(response.status, await response.clone().text()).toBeLessThan(300);
  return productSchema.parse(await response.json());
}

export async function feedOf(api: TestApi, query = ""): Promise<z.infer<typeof conflictPageSchema>> {
  const response = await operate(api, "GET", `/v1/conflicts${query}`);
  expect(response.status).toBe(200);
  return conflictPageSchema.parse(await response.json());
}

/** What the region's feed holds of a field, without asking the API. */
export function fedIds({ items }: TestApi, field: FieldName): readonly string[] {
  return items.dump("Conflicts").flatMap((item) => {
    const fed = itemToConflict(item);
    return fed.ok && fed.value.conflict.field === field ? [fed.value.conflict.id] : [];
  });
}

/** The links heal: every region gets all edits, and its dispatcher brings the view up to them. */
export async function replicateCatalog(apis: readonly TestApi[], id: Product["id"] = lamp.id): Promise<void> {
  replicateAll(
    apis.map(({ items }) => items),
    "Catalog",
  );
  for (const api of apis) {
    await rebuildView({ ...api, measurements: createRecordingMeasurements() }, id);
  }
}
