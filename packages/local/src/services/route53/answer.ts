import { chooseRecordSet, dependsOnClient } from "./choose.ts";
import type { ClientLocation } from "./client.ts";
import { type DnsName, isWithin, parentOf, parseDnsName, wildcardBelow } from "./dns-name.ts";
import { type IsCheckHealthy, isRecordSetHealthy } from "./record-health.ts";
import {
  type Alias,
  groupOf,
  type RecordSet,
  type RecordType,
  type RecordValues,
  type Zone,
} from "./record-set.ts";

export interface Question {
  readonly name: DnsName;
  /** `other` is any type of which no zone here holds a set. */
  readonly type: RecordType | "other";
  readonly client: ClientLocation;
  /** From 0 (included) to 1 (excluded): what decides between weights. */
  readonly chance: number;
}

export interface AnsweredRecord {
  readonly name: DnsName;
  readonly type: RecordType;
  readonly ttlSeconds: number;
  readonly value: string;
}

/** What a name of AWS's own zones is answered with. */
export interface ForeignAnswer extends RecordValues {
  /** Whether another client might be answered otherwise, as by a CDN's name. */
  readonly dependsOnClient?: boolean;
}

/** What an alias to a name of AWS's own zones stands for; nothing when there is no such name or type. */
export type ForeignValues = (
  alias: Alias,
  type: RecordType,
  client: ClientLocation,
) => ForeignAnswer | undefined;

export interface Knowledge {
  readonly zones: readonly Zone[];
  readonly isCheckHealthy: IsCheckHealthy;
  readonly foreignValues: ForeignValues;
}

export interface DnsAnswer {
  readonly status: "found" | "no-data" | "no-such-name" | "not-our-zone" | "broken";
  readonly records: readonly AnsweredRecord[];
  /** The zone whose SOA says how long an absence may be remembered. */
  readonly zone?: Zone;
  /** Whether another client might have been answered otherwise. */
  readonly dependsOnClient: boolean;
}

/** Steps from alias to alias and CNAME to CNAME: more are taken for a circle. */
const stepsMax = 16;

type Found =
  | { readonly type: "values"; readonly recordType: RecordType; readonly values: RecordValues }
  | { readonly type: "no-data" | "no-such-name" | "broken" };

/**
 * Answers as Route 53's name servers do. A CNAME is followed as far as the zones here reach, since there is no other
 * server to ask on a laptop.
 */
export function answerQuestion(knowledge: Knowledge, question: Question): DnsAnswer {
  const records: AnsweredRecord[] = [];
  let variable = false;
  let name = question.name;
  for (let step = 0; step < stepsMax; step += 1) {
    const zone = zoneOf(knowledge.zones, name);
    if (zone === undefined) {
      // A CNAME that leaves the zones is a whole answer: the resolver goes on elsewhere.
      return { status: records.length === 0 ? "not-our-zone" : "found", records, dependsOnClient: variable };
    }
    const lookup = lookUp(knowledge, zone, { ...question, name });
    variable ||= lookup.dependsOnClient;
    const { found } = lookup;
    if (found.type !== "values") return { status: found.type, records, zone, dependsOnClient: variable };
    const { values, recordType } = found;
    records.push(...toRecords(name, recordType, values));
    const next =
      recordType === "CNAME" && question.type !== "CNAME" ? parseDnsName(values.values[0] ?? "") : undefined;
    if (next === undefined) return { status: "found", records, zone, dependsOnClient: variable };
    if (!next.ok) break;
    name = next.value;
  }
  return { status: "broken", records: [], dependsOnClient: variable };
}

function toRecords(name: DnsName, type: RecordType, { ttlSeconds, values }: RecordValues): AnsweredRecord[] {
  return values.map((value) => ({ name, type, ttlSeconds, value }));
}

/** The zone with the longest name that holds this one. */
function zoneOf(zones: readonly Zone[], name: DnsName): Zone | undefined {
  const holding = zones.filter((zone) => isWithin(name, zone.name));
  return holding.sort((left, right) => right.name.length - left.name.length)[0];
}

interface Lookup {
  readonly found: Found;
  readonly dependsOnClient: boolean;
}

function lookUp(knowledge: Knowledge, zone: Zone, question: Question): Lookup {
  const owner = ownerOf(zone, question.name);
  if (owner === undefined) return { found: { type: "no-such-name" }, dependsOnClient: false };
  const direct = question.type === "other" ? [] : groupOf(zone, owner, question.type);
  const group = direct.length > 0 ? direct : groupOf(zone, owner, "CNAME");
  return resolveGroup(knowledge, zone, group, question);
}

/** Follows aliases from group to group until one holds values. */
function resolveGroup(
  knowledge: Knowledge,
  zone: Zone,
  start: readonly RecordSet[],
  { client, chance }: Question,
): Lookup {
  const isHealthy = (set: RecordSet) => isRecordSetHealthy(zone, set, knowledge.isCheckHealthy);
  let group = start;
  let variable = false;
  for (let step = 0; step < stepsMax; step += 1) {
    variable ||= dependsOnClient(group);
    const set = chooseRecordSet(group, { client, chance, isHealthy });
    if (set === undefined) return { found: { type: "no-data" }, dependsOnClient: variable };
    const values: ForeignAnswer | "own-zone" | "absent" =
      set.content.type === "values" ? set.content : foreign(knowledge, zone, set.content, set.type, client);
    if (values === "absent") return { found: { type: "no-data" }, dependsOnClient: variable };
    if (values !== "own-zone") {
      variable ||= values.dependsOnClient === true;
      return { found: { type: "values", recordType: set.type, values }, dependsOnClient: variable };
    }
    group = set.content.type === "alias" ? groupOf(zone, set.content.target, set.type) : [];
  }
  return { found: { type: "broken" }, dependsOnClient: variable };
}

function foreign(
  knowledge: Knowledge,
  zone: Zone,
  alias: Alias,
  type: RecordType,
  client: ClientLocation,
): ForeignAnswer | "own-zone" | "absent" {
  if (alias.zoneId === zone.id) return "own-zone";
  return knowledge.foreignValues(alias, type, client) ?? "absent";
}

/**
 * The name whose sets answer: itself, or the wildcard below its closest ancestor that exists. A name exists when it has
 * sets or lies above one that has. Nothing when there is no such name.
 */
function ownerOf(zone: Zone, name: DnsName): DnsName | undefined {
  if (exists(zone, name)) return name;
  for (let above = parentOf(name); above !== undefined; above = parentOf(above)) {
    if (!exists(zone, above)) continue;
    const wildcard = wildcardBelow(above);
    return zone.recordSets.some((set) => set.name === wildcard) ? wildcard : undefined;
  }
  return undefined;
}

function exists(zone: Zone, name: DnsName): boolean {
  return zone.recordSets.some((set) => isWithin(set.name, name));
}
