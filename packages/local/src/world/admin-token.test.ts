import { createHmac } from "node:crypto";
import { claimsToSession } from "@antipode/core";
import { expect, it } from "vitest";
import { signAdminToken } from "./admin-token.ts";

const nowMs = 1_760_000_000_000;
const keys = ["k2", "k1"].map((kid, index) => ({
  kid,
  secret: Buffer.alloc(32, index + 1).toString("base64url"),
}));

it("signs a JWT with the first key, for a session of that operator and time", () => {
  const signed = signAdminToken(JSON.stringify(keys), { name: "alice", hours: 2 }, nowMs);
  const [header = "", claims = "", signature] = signed.ok ? signed.value.split(".") : [];
  const decode = (part: string): unknown => JSON.parse(Buffer.from(part, "base64url").toString());
  expect(decode(header)).toEqual({ alg: "HS256", typ: "JWT", kid: "k2" });
  expect(claimsToSession(decode(claims), nowMs)).toEqual({
    ok: true,
    value: { type: "admin", operator: "alice", expiresAtMs: nowMs + 2 * 3_600_000 },
  });
  const hmac = createHmac("sha256", Buffer.alloc(32, 1)).update(`${header}.${claims}`);
  expect(signature).toBe(hmac.digest("base64url"));
});

it("does not sign for longer than a day, nor for a name that is none", () => {
  const refused = [{ name: "alice", hours: 24.5 }, { name: "alice", hours: 0 }, { name: "Alice" }];
  for (const request of refused) {
    expect(signAdminToken(JSON.stringify(keys), request, nowMs).ok, JSON.stringify(request)).toBe(false);
  }
});
