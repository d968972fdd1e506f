import { err, ok, type Result } from "../result/result.ts";
import { type Brand, type MalformedText, malformed } from "./brand.ts";

/** One life of one region's replica: `us-east-1#1`. Who wrote an item, and the key of version vectors. */
export type Origin = Brand<"Origin">;

/** Any AWS region, not only ours: a region that joins replicates here before this code knows its name. */
export const originPattern = "[a-z]{2}(?:-[a-z]{2,12}){1,3}-[1-9]#[1-9][0-9]{0,3}";

const wholeOrigin = new RegExp(`^${originPattern}$`);

export function isOrigin(text: string): text is Origin {
  return wholeOrigin.test(text);
}

export function parseOrigin(text: string): Result<Origin, MalformedText> {
  return isOrigin(text) ? ok(text) : err(malformed("an origin such as us-east-1#1", text));
}

/** The region's name without the incarnation. */
export function originRegion(origin: Origin): string {
  return origin.slice(0, origin.indexOf("#"));
}

/** The origin of a region's writes in its current life, from the region list's entry. */
export function originOf(entry: { readonly name: string; readonly incarnation: number }): Origin {
  const text = `${entry.name}#${entry.incarnation}`;
  if (!isOrigin(text)) {
    throw new Error(`not an origin: ${text}`);
  }
  return text;
}

/** Whether it is a life of the same region that comes after the other one. */
export function isLaterLife(origin: Origin, than: Origin): boolean {
  const incarnation = (text: Origin) => Number(text.slice(text.indexOf("#") + 1));
  return originRegion(origin) === originRegion(than) && incarnation(origin) > incarnation(than);
}
