import { describe, expect, test } from "vitest";
import { authorizeCart, cartAheadMaxMs, cartLifetimeMs } from "../cart/access.ts";
import { isShopperId, makeCartId, type ShopperId } from "../ids/cart-id.ts";
import { ulidAt } from "../testing/arbitraries.ts";
import {
  type AdminClaims,
  adminClaims,
  adminLifetimeMaxMs,
  claimsToSession,
  type ShopperSession,
  sessionClaims,
  sessionLifetimeMs,
} from "./session.ts";

const nowMs = 1_760_000_000_000;
const hourMs = 3_600_000;

function shopper(number: number): ShopperId {
  const id = ulidAt(nowMs, number);
  if (!isShopperId(id)) {
    throw new Error("unreachable");
  }
  return id;
}

function operator(atMs: number, lifetimeMs: number): AdminClaims {
  const claims = adminClaims("alice", atMs, lifetimeMs);
  if (!claims.ok) {
    throw new Error(claims.error.type);
  }
  return claims.value;
}

const invalid = { ok: false, error: { type: "invalid-session" } };
const expired = (scope: string) => ({ ok: false, error: { type: "session-expired", scope } });

describe("a shopper's claims", () => {
  const claims = sessionClaims(shopper(1), nowMs);

  test("become a session until they expire, and a minute longer for clocks that differ", () => {
    const session = { type: "shopper", shopper: shopper(1), expiresAtMs: nowMs + sessionLifetimeMs };
    expect(claimsToSession(claims, nowMs)).toEqual({ ok: true, value: session });
    expect(claimsToSession(claims, nowMs + sessionLifetimeMs + 60_000).ok).toBe(true);
    expect(claimsToSession(claims, nowMs + sessionLifetimeMs + 60_001)).toEqual(expired("shopper"));
  });

  test.each([
    ["none", undefined],
    ["another shop's", { ...claims, iss: "elsewhere" }],
    ["an operator's scope", { ...claims, scope: "admin" }],
    ["a scope nobody knows", { ...claims, scope: "owner" }],
    ["no shopper", { ...claims, sub: "me" }],
    ["an operator as shopper", { ...claims, sub: "operator:alice" }],
    ["no end", { ...claims, exp: undefined }],
  ])("%s are no session", (_what, bad) => {
    expect(claimsToSession(bad, nowMs)).toEqual(invalid);
  });
});

describe("an operator's claims", () => {
  test("become a session with the operator's name", () => {
    const session = { type: "admin", operator: "alice", expiresAtMs: nowMs + 8 * hourMs };
    const claims = operator(nowMs, 8 * hourMs);
    expect(claimsToSession(claims, nowMs)).toEqual({ ok: true, value: session });
    expect(claimsToSession(claims, nowMs + 8 * hourMs + 60_001)).toEqual(expired("admin"));
  });

  test("are good in a region whose clock is hours behind", () => {
    expect(claimsToSession(operator(nowMs, 8 * hourMs), nowMs - 15 * hourMs).ok).toBe(true);
  });

  const day = operator(nowMs, adminLifetimeMaxMs);

  test.each<[string, unknown]>([
    ["that live for a second longer than a day", { ...day, exp: day.exp + 1 }],
    ["that begin long before and live for years", { ...day, iat: 0 }],
    ["for a day of the far future", operator(nowMs + 2 * adminLifetimeMaxMs, hourMs)],
    ["without a name", { ...day, sub: "operator:" }],
    ["of a name with a line break", { ...day, sub: "operator:a\nb" }],
    ["of a shopper", { ...day, sub: shopper(1) }],
    ["with a shopper's scope", { ...day, scope: "shopper" }],
    ["without an end", { ...day, exp: undefined }],
    ["without a beginning", { ...day, iat: undefined }],
  ])("%s are no session", (_what, bad) => {
    expect(claimsToSession(day, nowMs).ok).toBe(true);
    expect(claimsToSession(bad, nowMs)).toEqual(invalid);
  });

  test.each([
    ["Alice", 1, "malformed-name"],
    ["", 1, "malformed-name"],
    ["a".repeat(33), 1, "malformed-name"],
    ["a b", 1, "malformed-name"],
    ["alice", 0, "lifetime-out-of-bounds"],
    ["alice", -1, "lifetime-out-of-bounds"],
    ["alice", Number.NaN, "lifetime-out-of-bounds"],
    ["alice", 24.001, "lifetime-out-of-bounds"],
  ])("are not made for %j and %d hours", (name, hours, type) => {
    expect(adminClaims(name, nowMs, hours * hourMs)).toMatchObject({ ok: false, error: { type } });
  });
});

describe("a cart's door", () => {
  const session: ShopperSession = {
    type: "shopper",
    shopper: shopper(1),
    expiresAtMs: nowMs + sessionLifetimeMs,
  };
  const outcome = (owner: ShopperId, madeAtMs: number) => {
    const cart = authorizeCart(session, makeCartId(owner, ulidAt(madeAtMs, 2)), nowMs);
    return cart.ok ? "open" : cart.error.type;
  };

  test("opens for its own shopper only, while the cart lives", () => {
    expect(outcome(shopper(1), nowMs)).toBe("open");
    expect(outcome(shopper(2), nowMs)).toBe("cart-of-another-shopper");
    expect(outcome(shopper(1), nowMs - cartLifetimeMs)).toBe("open");
    expect(outcome(shopper(1), nowMs - cartLifetimeMs - 1)).toBe("cart-expired");
    expect(outcome(shopper(1), nowMs + cartAheadMaxMs)).toBe("open");
    expect(outcome(shopper(1), nowMs + cartAheadMaxMs + 1)).toBe("cart-not-found");
  });
});
