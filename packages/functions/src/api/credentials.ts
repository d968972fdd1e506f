import { admitOperationId, err, type OperationId, ok, type Result, type Session } from "@antipode/core";
import type { AnyContract } from "./contract.ts";
import type { ApiDeps } from "./deps.ts";
import type { Credentials } from "./exchange.ts";
import type { Problem } from "./problems.ts";

const tokenCharsMax = 2_048; // ours have some 300; longer ones are not worth hashing

function refuseSession(name: "unauthenticated" | "session-expired", detail: string) {
  const error = name === "session-expired" ? ', error="invalid_token"' : "";
  return err<Problem>({
    name,
    detail,
    headers: { "WWW-Authenticate": `Bearer realm="antipode"${error}` },
  });
}

async function readSession(
  header: string | null,
  deps: ApiDeps,
  nowMs: number,
): Promise<Result<{ session: Session; token: string }, Problem>> {
  const token = /^Bearer +([A-Za-z0-9._~+/=-]+)$/i.exec(header ?? "")?.[1];
  if (token === undefined || token.length > tokenCharsMax) {
    return refuseSession("unauthenticated", "Send the session's token as Authorization: Bearer.");
  }
  const verified = await deps.sessions.verify(token, nowMs);
  if (verified.ok) {
    return ok({ session: verified.value, token });
  }
  return verified.error.type === "session-expired"
    ? refuseSession("session-expired", "Make a cart without a token to begin a new session.")
    : refuseSession("unauthenticated", "The token is not one of this shop's.");
}

/** ULIDs are case-insensitive; one spelling keeps a retry the same operation. */
function readOperationId(header: string | null, nowMs: number): Result<OperationId, Problem> {
  const admitted = admitOperationId((header ?? "").trim().toUpperCase(), nowMs);
  if (admitted.ok) {
    return admitted;
  }
  switch (admitted.error.type) {
    case "malformed":
      return err({
        name: "malformed-request",
        detail: "The header Idempotency-Key must be a new ULID for each operation, kept over its retries.",
      });
    case "operation-too-old":
      return err({
        name: "operation-too-old",
        detail: "An operation is retried for at most 24 hours. Look at the cart, then use a new id.",
        members: { ageMs: admitted.error.ageMs },
      });
    case "operation-too-far-ahead":
      return err({
        name: "operation-too-far-ahead",
        detail: "The time in the id is ahead of this region's. Is the device's clock right?",
        members: { aheadMs: admitted.error.aheadMs },
      });
  }
}

/** Who asks, and by which operation id, as far as the contract wants to know. */
export async function readCredentials(
  contract: AnyContract,
  headers: Headers,
  deps: ApiDeps,
  nowMs: number,
): Promise<Result<Credentials, Problem>> {
  let credentials: Credentials = {};
  if (contract.security !== "none") {
    const session = await readSession(headers.get("authorization"), deps, nowMs);
    if (!session.ok && contract.security === "shopper") {
      return session;
    }
    credentials = session.ok ? session.value : {};
  }
  if (!contract.operation) {
    return ok(credentials);
  }
  const operationId = readOperationId(headers.get("idempotency-key"), nowMs);
  return operationId.ok ? ok({ ...credentials, operationId: operationId.value }) : operationId;
}
