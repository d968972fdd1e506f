import { createHmac } from "node:crypto";
import { type AdminClaimsRefusal, adminClaims, err, ok, type Result } from "@antipode/core";
import * as z from "zod";

const keySetSchema = z.array(z.object({ kid: z.string(), secret: z.base64url() })).min(1);

/** How long a token of the world is good when nobody says. */
export const adminHoursDefault = 8;

const hourMs = 3_600_000;

export interface AdminTokenRequest {
  readonly name: string;
  readonly hours?: number | undefined;
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** An operator's token as the functions verify it: signed with the first key of the world's session keys. */
export function signAdminToken(
  keySet: string,
  { name, hours = adminHoursDefault }: AdminTokenRequest,
  nowMs: number,
): Result<string, AdminClaimsRefusal> {
  const claims = adminClaims(name, nowMs, hours * hourMs);
  if (!claims.ok) {
    return err(claims.error);
  }
  const [key] = keySetSchema.parse(JSON.parse(keySet));
  const signed = `${encode({ alg: "HS256", typ: "JWT", kid: key?.kid })}.${encode(claims.value)}`;
  const secret = Buffer.from(key?.secret ?? "", "base64url");
  return ok(`${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`);
}

/** Why nobody would sign this, or nothing: it can be said before there is anybody to sign. */
export function refuseTokenRequest({
  name,
  hours = adminHoursDefault,
}: AdminTokenRequest): string | undefined {
  const claims = adminClaims(name, 0, hours * hourMs);
  return claims.ok ? undefined : tokenRefusalText(claims.error);
}

/** What to change about a request that was refused, in one line. */
export function tokenRefusalText(refusal: AdminClaimsRefusal): string {
  switch (refusal.type) {
    case "malformed-name":
      return `"${refusal.name}" is not a name: use a to z, 0 to 9, ".", "_" and "-", at most 32 characters`;
    case "lifetime-out-of-bounds":
      return `a token lives for at most ${refusal.lifetimeMaxMs / hourMs} hours, and more than 0`;
  }
}
