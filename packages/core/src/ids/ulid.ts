import { err, ok, type Result } from "../result/result.ts";
import { type Brand, type MalformedText, malformed } from "./brand.ts";

/** 48 bits of ms since 1970 and 80 random bits in Crockford's base 32, upper case, 26 characters. */
export type Ulid = Brand<"Ulid">;

/** The client's own id of one operation; equals the request's `Idempotency-Key`. */
export type OperationId = Ulid & Brand<"OperationId">;

export const ulidPattern = "[0-7][0-9A-HJKMNP-TV-Z]{25}";

const wholeUlid = new RegExp(`^${ulidPattern}$`);
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const timeChars = 10;

export function isUlid(text: string): text is Ulid {
  return wholeUlid.test(text);
}

export function parseUlid(text: string): Result<Ulid, MalformedText> {
  return isUlid(text) ? ok(text) : err(malformed("a ULID in upper case", text));
}

export function isOperationId(text: string): text is OperationId {
  return isUlid(text);
}

/** The ms since 1970 that the id's maker put in it. */
export function ulidTimeMs(id: Ulid): number {
  let ms = 0;
  for (const char of id.slice(0, timeChars)) {
    ms = ms * 32 + alphabet.indexOf(char);
  }
  return ms;
}
