import { type MalformedText, malformed } from "../ids/brand.ts";
import { isOrigin, type Origin } from "../ids/origin.ts";
import { err, ok, type Result } from "../result/result.ts";
import { type VersionVector, vectorEntries } from "./version-vector.ts";

/** More origins than this never meet in one entity: four regions, each re-created a few times. */
const entriesMax = 64;
const textCharsMax = 2048;

const nothingSeen = "0";
const counterPattern = /^[1-9][0-9]{0,15}$/;

/** One text for equal vectors, `eu-west-1#1:3;us-east-1#1:12`, and `0` for the empty one. */
export function vectorToText(vector: VersionVector): string {
  const entries = vectorEntries(vector);
  return entries.length === 0
    ? nothingSeen
    : entries.map(([origin, counter]) => `${origin}:${counter}`).join(";");
}

/** Reads `vectorToText` back; refuses unknown forms, repeated origins and more than 64 entries. */
export function textToVector(text: string): Result<VersionVector, MalformedText> {
  const refuse = () => err(malformed("a version vector such as us-east-1#1:12", text));
  if (text === nothingSeen) {
    return ok({});
  }
  if (text.length > textCharsMax) {
    return refuse();
  }
  const parts = text.split(";");
  if (parts.length > entriesMax) {
    return refuse();
  }
  const vector: Record<Origin, number> = {};
  for (const part of parts) {
    const [origin = "", counter = "", ...rest] = part.split(":");
    const seen = Number(counter);
    const readable = isOrigin(origin) && counterPattern.test(counter) && Number.isSafeInteger(seen);
    if (!readable || rest.length > 0 || Object.hasOwn(vector, origin)) {
      return refuse();
    }
    vector[origin] = seen;
  }
  return ok(vector);
}

/** A strong entity tag: everything a merged answer shows is decided by the vector. */
export function vectorToEtag(vector: VersionVector): string {
  return `"${vectorToText(vector)}"`;
}

/** Reads a tag back. A proxy that compresses makes it weak, which changes nothing for us. */
export function etagToVector(etag: string): Result<VersionVector, MalformedText> {
  const match = /^(?:W\/)?"([^"]*)"$/.exec(etag.trim());
  return match?.[1] === undefined ? err(malformed("an entity tag", etag)) : textToVector(match[1]);
}

/** Reads what a client sends back of a tag, with or without its quotes. */
export function tokenToVector(token: string): Result<VersionVector, MalformedText> {
  return token.includes('"') ? etagToVector(token) : textToVector(token.trim());
}
