import { claimsToSession, err, type Sessions, sessionClockToleranceMs, sessionIssuer } from "@antipode/core";
import { type CryptoKey, errors, jwtVerify, SignJWT } from "jose";
import * as z from "zod";

const algorithm = "HS256";
const secretBytesMin = 32; // RFC 7518 §3.2: a key as long as the hash

const keySetSchema = z
  .array(z.object({ kid: z.string().min(1).max(64), secret: z.base64url() }))
  .min(1)
  .max(16);

interface Key {
  readonly kid: string;
  readonly secret: Uint8Array<ArrayBuffer>;
}

/** Throws on a malformed key set: a function must not start without good keys. */
export function parseKeySet(text: string): readonly Key[] {
  const keys = keySetSchema.parse(JSON.parse(text)).map(({ kid, secret }) => ({
    kid,
    secret: new Uint8Array(Buffer.from(secret, "base64url")),
  }));
  if (keys.some((key) => key.secret.length < secretBytesMin)) {
    throw new Error(`a session key is shorter than ${secretBytesMin} bytes`);
  }
  if (new Set(keys.map((key) => key.kid)).size !== keys.length) {
    throw new Error("two session keys have one kid");
  }
  return keys;
}

/** Imports a key on first use and keeps it: jose would import a bare secret anew for every token. */
function createKeyImport(): (key: Key) => Promise<CryptoKey> {
  const importedByKid = new Map<string, Promise<CryptoKey>>();
  const hmac = { name: "HMAC", hash: "SHA-256" };
  return ({ kid, secret }) => {
    const known = importedByKid.get(kid);
    const imported = known ?? crypto.subtle.importKey("raw", secret, hmac, false, ["sign", "verify"]);
    importedByKid.set(kid, imported);
    return imported;
  };
}

/** The first key signs, all verify: a key rotates by being added last, moved first, and removed after 60 days. */
export function createSessions(keys: readonly Key[]): Sessions {
  const [signing] = keys;
  if (signing === undefined) {
    throw new Error("no session key");
  }
  const keyByKid = new Map(keys.map((key) => [key.kid, key]));
  const importKey = createKeyImport();
  return {
    sign: async (claims) =>
      new SignJWT({ ...claims })
        .setProtectedHeader({ alg: algorithm, typ: "JWT", kid: signing.kid })
        .sign(await importKey(signing)),

    async verify(token, nowMs) {
      try {
        const { payload } = await jwtVerify(
          token,
          (header) => {
            const key = keyByKid.get(header.kid ?? "");
            if (key === undefined) {
              throw new errors.JWSInvalid("unknown kid");
            }
            return importKey(key);
          },
          {
            algorithms: [algorithm],
            issuer: sessionIssuer,
            currentDate: new Date(nowMs),
            clockTolerance: sessionClockToleranceMs / 1000,
          },
        );
        return claimsToSession(payload, nowMs);
      } catch (error) {
        if (error instanceof errors.JWTExpired) {
          const scope = error.payload["scope"] === "admin" ? "admin" : "shopper"; // signed by us, as jose checks that first
          return err({ type: "session-expired", scope });
        }
        if (error instanceof errors.JOSEError) {
          return err({ type: "invalid-session" });
        }
        throw error;
      }
    },
  };
}
