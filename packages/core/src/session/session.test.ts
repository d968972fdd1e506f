import { describe, expect, test } from "vitest";
import { authorizeCart, cartLifetimeMs } from "../cart/access.ts";
import { isShopperId, makeCartId, type ShopperId } from "../ids/cart-id.ts";
import { ulidAt } from "../testing/arbitraries.ts";
import { claimsToSession, sessionClaims, sessionLifetimeMs } from "./session.ts";

const nowMs = 1_760_000_000_000;

function shopper(number: number): ShopperId {
  const id = ulidAt(nowMs, number);
  if (!isShopperId(id)) {
    throw new Error("unreachable");
  }
  return id;
}

describe("session claims", () => {
  const claims = sessionClaims(shopper(1), nowMs);

  test("become a session until they expire, and a minute longer for clocks that differ", () => {
    const session = { shopper: shopper(1), expiresAtMs: nowMs + sessionLifetimeMs };
    expect(claimsToSession(claims, nowMs)).toEqual({ ok: true, value: session });
    expect(claimsToSession(claims, nowMs + sessionLifetimeMs + 60_000).ok).toBe(true);
    expect(claimsToSession(claims, nowMs + sessionLifetimeMs + 60_001)).toEqual({
      ok: false,
      error: { type: "session-expired" },
    });
  });

  test.each([
    ["none", undefined],
    ["another shop's", { ...claims, iss: "elsewhere" }],
    ["another scope", { ...claims, scope: "admin" }],
    ["no shopper", { ...claims, sub: "me" }],
    ["no end", { ...claims, exp: undefined }],
  ])("%s are no session", (_what, bad) => {
    expect(claimsToSession(bad, nowMs)).toEqual({ ok: false, error: { type: "invalid-session" } });
  });
});

describe("a cart's door", () => {
  const session = { shopper: shopper(1), expiresAtMs: nowMs + sessionLifetimeMs };
  const outcome = (owner: ShopperId, madeAtMs: number) => {
    const cart = authorizeCart(session, makeCartId(owner, ulidAt(madeAtMs, 2)), nowMs);
    return cart.ok ? "open" : cart.error.type;
  };

  test("opens for its own shopper only, while the cart lives", () => {
    expect(outcome(shopper(1), nowMs)).toBe("open");
    expect(outcome(shopper(2), nowMs)).toBe("cart-of-another-shopper");
    expect(outcome(shopper(1), nowMs - cartLifetimeMs)).toBe("open");
    expect(outcome(shopper(1), nowMs - cartLifetimeMs - 1)).toBe("cart-expired");
    expect(outcome(shopper(1), nowMs + 86_400_000)).toBe("open");
    expect(outcome(shopper(1), nowMs + 86_400_001)).toBe("cart-not-found");
  });
});
