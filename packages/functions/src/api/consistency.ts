import {
  err,
  type GlobalTable,
  type ItemKey,
  isCounter,
  missingEntries,
  type Origin,
  ok,
  originRegion,
  parseKey,
  type Result,
  type StoredItem,
  tokenToVector,
  type VersionVector,
  vectorEntries,
  vectorToText,
} from "@antipode/core";
import type { ApiDeps } from "./deps.ts";
import type { Problem } from "./problems.ts";

/** What the client has seen and wants to see again, and whether less is worth anything to it. */
export interface ConsistencyWish {
  readonly wanted: VersionVector;
  readonly strict: boolean;
}

/** RFC 7240: preferences that nobody knows are passed over; parameters and quotes change nothing. */
function prefersStrict(prefer: string | null): boolean {
  return (prefer ?? "").split(",").some((preference) => {
    const [main = ""] = preference.split(";");
    return /^\s*consistency\s*=\s*(?:strict|"strict")\s*$/i.test(main);
  });
}

/** The wish of a request; absent without a token, since without one everything is covered. */
export function readConsistencyWish(headers: Headers): Result<ConsistencyWish | undefined, Problem> {
  const token = headers.get("consistency-token");
  if (token === null) {
    return ok(undefined);
  }
  const wanted = tokenToVector(token);
  return wanted.ok
    ? ok({ wanted: wanted.value, strict: prefersStrict(headers.get("prefer")) })
    : err({
        name: "malformed-request",
        detail: "The header Consistency-Token must be an ETag of this entity, such as us-east-1#1:12.",
      });
}

function counterOf(item: StoredItem | undefined): number {
  const counter = item?.["v"];
  return isCounter(counter) ? counter : 0;
}

/** The vector of a partition's items: of each writer, the counter. */
function vectorOfItems(table: GlobalTable, items: readonly StoredItem[]): VersionVector {
  const vector: Record<Origin, number> = {};
  for (const item of items) {
    const key = parseKey(table, item);
    const writer = key.ok ? key.value.writer : undefined;
    if (writer !== undefined) {
      vector[writer] = Math.max(vector[writer] ?? 0, counterOf(item));
    }
  }
  return vector;
}

/** The items with that one in the place of its older version. */
function withItem(items: readonly StoredItem[], newer: StoredItem): readonly StoredItem[] {
  const others = items.filter((item) => item.pk !== newer.pk || item.sk !== newer.sk);
  return [...others, newer];
}

/**
 * At most one origin for each peer of the deployment, whatever a forged token names. Of a region's several lives the
 * present one is asked for: the others' items stopped changing long ago.
 */
function originsToAsk(
  { deployment }: Pick<ApiDeps, "deployment">,
  missing: VersionVector,
): readonly Origin[] {
  const wanted = vectorEntries(missing).map(([origin]) => origin);
  return deployment.regions.flatMap(({ name, origin: present }) => {
    const lives = wanted.filter((origin) => originRegion(origin) === name);
    const asked = lives.includes(present) ? present : lives.at(-1);
    return name === deployment.region || asked === undefined ? [] : [asked];
  });
}

function onlyOf(vector: VersionVector, origins: readonly Origin[]): VersionVector {
  return Object.fromEntries(vectorEntries(vector).filter(([origin]) => origins.includes(origin)));
}

async function readElsewhere(
  { remote, log }: Pick<ApiDeps, "remote" | "log">,
  table: GlobalTable,
  key: ItemKey,
  region: string,
): Promise<{ readonly item?: StoredItem; readonly away?: string }> {
  const answer = await remote.get(region, table, key);
  if (!answer.ok) {
    // The answer says what is missing; the log says why.
    log.warn("not read in another region", { peer: region, table, cause: answer.error });
    return { away: region };
  }
  return answer.value === undefined ? {} : { item: answer.value };
}

export interface Coverage {
  readonly items: readonly StoredItem[];
  /** What the items contain. */
  readonly vector: VersionVector;
  /** The entries of what was wanted that no region in reach has. */
  readonly missing: VersionVector;
  /**
   * Of these, the entries that nobody ever made: their own region was read, and has less. What an earlier life of a region
   * did may have been lost with it.
   */
  readonly neverMade: VersionVector;
  /** Regions that were to be read and could not be. What others lack of their own, nobody ever made. */
  readonly away: readonly string[];
}

/**
 * Completes what this region holds of a partition with the items that the client has seen elsewhere, each read in the
 * region that owns it, all at once. What cannot be had is in `missing`.
 */
export async function coverItems(
  deps: Pick<ApiDeps, "deployment" | "remote" | "log">,
  table: GlobalTable,
  keyOf: (origin: Origin) => ItemKey,
  items: readonly StoredItem[],
  wanted: VersionVector,
): Promise<Coverage> {
  const missing = missingEntries(vectorOfItems(table, items), wanted);
  const asked = originsToAsk(deps, missing);
  const found = await Promise.all(
    asked.map((origin) => readElsewhere(deps, table, keyOf(origin), originRegion(origin))),
  );
  let covered = items;
  for (const { item } of found) {
    const held = item && covered.find(({ pk, sk }) => pk === item.pk && sk === item.sk);
    if (item !== undefined && counterOf(item) > counterOf(held)) {
      covered = withItem(covered, item);
    }
  }
  const away = found.flatMap((read) => (read.away === undefined ? [] : [read.away]));
  const present = new Set(deps.deployment.regions.map(({ origin }) => origin));
  const answered = asked.filter((origin) => present.has(origin) && !away.includes(originRegion(origin)));
  const vector = vectorOfItems(table, covered);
  const stillMissing = missingEntries(vector, wanted);
  const neverMade = onlyOf(stillMissing, [deps.deployment.origin, ...answered]);
  return { items: covered, vector, missing: stillMissing, neverMade, away };
}

/** What the answer says of its coverage; nothing where no token was sent. */
export function consistencyHeaders(
  missing: VersionVector | undefined,
  strict = false,
): Readonly<Record<string, string>> {
  if (missing === undefined) {
    return {};
  }
  const stale = vectorEntries(missing).length > 0;
  return {
    Consistency: stale ? `stale; missing="${vectorToText(missing)}"` : "covered",
    ...(strict ? { "Preference-Applied": "consistency=strict" } : {}),
  };
}

/** For a client that wants all of it or nothing. `headers` answer one that said so by a token and a preference. */
export function notCovered(missing: VersionVector, headers: Readonly<Record<string, string>> = {}): Problem {
  return {
    name: "not-covered",
    detail:
      "This region cannot read what you have seen elsewhere. Try again shortly, here or in another region.",
    headers,
    members: { missing: Object.fromEntries(vectorEntries(missing)) },
  };
}

/** What a request's wish makes of what is missing: nothing without a token, a refusal when strict and not covered. */
export function grantWish(
  missing: VersionVector,
  wish: ConsistencyWish | undefined,
): Result<Readonly<Record<string, string>>, Problem> {
  if (wish === undefined) {
    return ok({});
  }
  const complete = vectorEntries(missing).length === 0;
  const headers = consistencyHeaders(missing, wish.strict);
  return wish.strict && !complete ? err(notCovered(missing, headers)) : ok(headers);
}

export interface Covered {
  readonly items: readonly StoredItem[];
  readonly headers: Readonly<Record<string, string>>;
}

/** `coverItems` as a request wishes it. */
export async function coverWish(
  deps: Pick<ApiDeps, "deployment" | "remote" | "log">,
  table: GlobalTable,
  keyOf: (origin: Origin) => ItemKey,
  items: readonly StoredItem[],
  wish: ConsistencyWish | undefined,
): Promise<Result<Covered, Problem>> {
  if (wish === undefined) {
    return ok({ items, headers: {} });
  }
  const covered = await coverItems(deps, table, keyOf, items, wish.wanted);
  const headers = grantWish(covered.missing, wish);
  return headers.ok ? ok({ items: covered.items, headers: headers.value }) : headers;
}
