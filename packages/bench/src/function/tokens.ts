import { createHmac } from "node:crypto";
import { type CartId, cartShopper, sessionClaims, sessionIssuer } from "@antipode/core";
import { signingKey } from "./links.ts";

function signed(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${part({ alg: "HS256", typ: "JWT", kid: signingKey.kid })}.${part(claims)}`;
  const key = Buffer.from(signingKey.secret, "base64url");
  return `${text}.${createHmac("sha256", key).update(text).digest("base64url")}`;
}

/** The session of the shopper whose cart it is. */
export function cartToken(cart: CartId, nowMs: number): string {
  return signed(sessionClaims(cartShopper(cart), nowMs));
}

const adminLifetimeSeconds = 3_600; // a run takes minutes

export function adminToken(nowMs: number): string {
  const iat = Math.floor(nowMs / 1000);
  return signed({
    iss: sessionIssuer,
    sub: "operator:bench",
    scope: "admin",
    iat,
    exp: iat + adminLifetimeSeconds,
  });
}
