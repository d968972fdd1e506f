import { isDeepStrictEqual } from "node:util";
import { err, ok, type Result } from "@antipode/core";
import type { DnsName } from "./dns-name.ts";
import {
  compareRecordSets,
  type HostedZoneId,
  hasSameKey,
  type RecordSet,
  setIdentifierOf,
  type Zone,
} from "./record-set.ts";
import { zoneFaults } from "./zone-rules.ts";

export interface Change {
  readonly action: "CREATE" | "UPSERT" | "DELETE";
  readonly recordSet: RecordSet;
}

/** Why nothing of a batch was done: one message for each thing that is wrong with it, in Route 53's words. */
export interface InvalidChangeBatch {
  readonly type: "invalid-change-batch";
  readonly messages: readonly string[];
}

const changesMax = 1_000; // Route 53's own limit of one request

/** RFC 1034: who answers for the zone, and for how long "there is no such name" may be remembered. */
const delegationTtlSeconds = 172_800;
const authorityTtlSeconds = 900;

/** A new zone, with the two sets at its top that Route 53 makes itself. */
export function emptyZone(id: HostedZoneId, name: DnsName, nameServer: string): Zone {
  const top = { name, routing: { policy: "simple" } } as const;
  return {
    id,
    name,
    recordSets: [
      {
        ...top,
        type: "NS",
        content: { type: "values", ttlSeconds: delegationTtlSeconds, values: [nameServer] },
      },
      {
        ...top,
        type: "SOA",
        content: {
          type: "values",
          ttlSeconds: authorityTtlSeconds,
          values: [`${nameServer} awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400`],
        },
      },
    ],
  };
}

/**
 * The zone after all changes, or why it stays as it is: a batch is done as a whole or not at all. `isForeignTarget`
 * says whether a name of another zone, such as CloudFront's, can be the target of an alias.
 */
export function applyChanges(
  zone: Zone,
  changes: readonly Change[],
  isForeignTarget: (zoneId: HostedZoneId, target: DnsName) => boolean,
): Result<Zone, InvalidChangeBatch> {
  if (changes.length > changesMax) {
    return refuse([`Number of records limit of ${changesMax} exceeded.`]);
  }
  const repeated = changes.filter((change, index) => !mayFollow(change, changes.slice(0, index)));
  if (repeated.length > 0) {
    return refuse(
      repeated.map(
        ({ action, recordSet }) =>
          `The request contains an invalid set of changes for a resource record set '${action} ${recordSet.type} ${recordSet.name}'`,
      ),
    );
  }
  const messages: string[] = [];
  let recordSets = zone.recordSets;
  for (const change of changes) {
    const message = faultOfChange(recordSets, change);
    if (message === undefined) recordSets = withChange(recordSets, change);
    else messages.push(message);
  }
  const changed = { ...zone, recordSets: [...recordSets].sort(compareRecordSets) };
  const written = changes.filter(({ action }) => action !== "DELETE").map(({ recordSet }) => recordSet);
  messages.push(...zoneFaults(changed, written, isForeignTarget));
  return messages.length > 0 ? refuse([...new Set(messages)]) : ok(changed);
}

function refuse(messages: readonly string[]): Result<never, InvalidChangeBatch> {
  return err({ type: "invalid-change-batch", messages });
}

/** One set is changed once in a batch; only a deletion may have its new state behind it. */
function mayFollow(change: Change, earlier: readonly Change[]): boolean {
  const same = earlier.filter(({ recordSet }) => hasSameKey(recordSet, change.recordSet));
  return same.length === 0 || (same.length === 1 && same[0]?.action === "DELETE");
}

function faultOfChange(recordSets: readonly RecordSet[], { action, recordSet }: Change): string | undefined {
  const existing = recordSets.find((set) => hasSameKey(set, recordSet));
  if (action === "CREATE" && existing !== undefined) {
    return `Tried to create resource record set ${described(recordSet)} but it already exists`;
  }
  if (action !== "DELETE") return undefined;
  if (existing === undefined) {
    return `Tried to delete resource record set ${described(recordSet)} but it was not found`;
  }
  if (!isDeepStrictEqual(comparable(existing), comparable(recordSet))) {
    return `Tried to delete resource record set ${described(recordSet)} but the values provided do not match the current values`;
  }
  return undefined;
}

/** Values are a set: their order says nothing. */
function comparable(set: RecordSet): RecordSet {
  if (set.content.type === "alias") return set;
  return { ...set, content: { ...set.content, values: [...set.content.values].sort() } };
}

function withChange(recordSets: readonly RecordSet[], { action, recordSet }: Change): readonly RecordSet[] {
  const others = recordSets.filter((set) => !hasSameKey(set, recordSet));
  return action === "DELETE" ? others : [...others, recordSet];
}

function described(set: RecordSet): string {
  const identifier = setIdentifierOf(set);
  const suffix = identifier === undefined ? "" : `, set-identifier='${identifier}'`;
  return `[name='${set.name}', type='${set.type}'${suffix}]`;
}
