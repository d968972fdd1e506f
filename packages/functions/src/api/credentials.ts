import {
  admitOperationId,
  err,
  type OperationId,
  ok,
  type Result,
  type Session,
  tokenCharsMax,
} from "@antipode/core";
import type { AnyContract } from "./contract.ts";
import type { ApiDeps } from "./deps.ts";
import type { Credentials } from "./exchange.ts";
import type { Problem } from "./problems.ts";

export function refuseSession(name: "unauthenticated" | "session-expired", detail: string) {
  const error = name === "session-expired" ? ', error="invalid_token"' : "";
  return err<Problem>({
    name,
    detail,
    headers: { "WWW-Authenticate": `Bearer realm="antipode"${error}` },
  });
}

/** What a path asks for that got no token. */
const sendWhat = {
  shopper: "Send the session's token as Authorization: Bearer.",
  optional: "Send the session's token as Authorization: Bearer.",
  either: "Send a shopper's or an operator's token as Authorization: Bearer.",
  admin: "This path is for operators. Send an operator's token as Authorization: Bearer.",
};

/** Where a new token comes from, by whose is over. */
const renewHow: Readonly<Record<Session["type"], string>> = {
  shopper: "Begin a new session without a token: POST /v1/sessions.",
  admin: "An operator's token lives for 24 hours at most. Make a new one with npm run token.",
};

async function readSession(
  security: keyof typeof sendWhat,
  header: string | null,
  deps: ApiDeps,
  nowMs: number,
): Promise<Result<{ session: Session; token: string }, Problem>> {
  const token = /^Bearer +([A-Za-z0-9._~+/=-]+)$/i.exec(header ?? "")?.[1];
  if (token === undefined || token.length > tokenCharsMax) {
    return refuseSession("unauthenticated", sendWhat[security]);
  }
  const verified = await deps.sessions.verify(token, nowMs);
  if (verified.ok) {
    return ok({ session: verified.value, token });
  }
  return verified.error.type === "session-expired"
    ? refuseSession("session-expired", renewHow[verified.error.scope])
    : refuseSession("unauthenticated", "The token is not one of this shop's.");
}

/** Who may come in with that session, as the contract says. */
function admit(
  security: "shopper" | "admin" | "either",
  { session, token }: { session: Session; token: string },
): Result<Credentials, Problem> {
  if (security !== "either" && session.type !== security) {
    return security === "admin"
      ? err({ name: "admin-scope-needed", detail: "This is a shopper's token. Send an operator's." })
      : refuseSession("unauthenticated", "This is an operator's token. Send the shopper's.");
  }
  return ok(session.type === "admin" ? { operator: session.operator } : { session, token });
}

/** A path that does without a token uses a good one of either kind, and can tell that it was sent a bad one. */
function admitIfGood(sent: boolean, read: Result<{ session: Session; token: string }, Problem>): Credentials {
  if (!read.ok) {
    return sent ? { tokenRefused: read.error } : {};
  }
  const { session, token } = read.value;
  return session.type === "admin" ? { operator: session.operator } : { session, token };
}

async function readWho(
  security: AnyContract["security"],
  headers: Headers,
  deps: ApiDeps,
  nowMs: number,
): Promise<Result<Credentials, Problem>> {
  if (security === "none") {
    return ok({});
  }
  const authorization = headers.get("authorization");
  const read = await readSession(security, authorization, deps, nowMs);
  if (security === "optional") {
    return ok(admitIfGood(authorization !== null, read));
  }
  return read.ok ? admit(security, read.value) : read;
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
        detail: "An operation is retried for at most 24 hours. Look at what there is, then use a new id.",
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
  const who = await readWho(contract.security, headers, deps, nowMs);
  if (!who.ok || !contract.operation) {
    return who;
  }
  const operationId = readOperationId(headers.get("idempotency-key"), nowMs);
  return operationId.ok ? ok({ ...who.value, operationId: operationId.value }) : operationId;
}
