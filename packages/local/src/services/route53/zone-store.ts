import { type Brand, err, ok, type Result } from "@antipode/core";
import { pick, type Random } from "../../links/random.ts";
import type { Scheduler } from "../../links/scheduler.ts";
import { AwsError } from "../service.ts";
import type { DnsName } from "./dns-name.ts";
import type { HealthCheckId, HostedZoneId, RecordSet, Zone } from "./record-set.ts";
import { applyChanges, type Change, emptyZone, type InvalidChangeBatch } from "./zone.ts";

export type ChangeId = Brand<"ChangeId">;

/** Until all of Route 53's name servers know: it says "generally within 60 seconds". */
const propagationMs = 30_000;
const nameServer = "ns-1.awsdns-local.test.";
const changeIdLetters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"];

export interface ChangeInfo {
  readonly id: ChangeId;
  readonly status: "PENDING" | "INSYNC";
  readonly submittedAtMs: number;
}

/** Why a batch was not taken. */
export type ChangeRefusal =
  | InvalidChangeBatch
  | { readonly type: "no-such-health-check"; readonly id: HealthCheckId };

export interface ZoneStore {
  /** A zone with these sets, known to the name servers at once; or why Route 53 would refuse them. */
  create(id: HostedZoneId, name: DnsName, recordSets: readonly RecordSet[]): Result<Zone, ChangeRefusal>;
  /** Throws `NoSuchHostedZone`. */
  get(id: HostedZoneId): Zone;
  all(): readonly Zone[];
  /** What the name servers know: changes that are in sync. */
  served(): readonly Zone[];
  /** Throws `NoSuchHostedZone`. */
  change(id: HostedZoneId, changes: readonly Change[]): Result<ChangeInfo, ChangeRefusal>;
  /** Throws `NoSuchChange`. */
  changeInfo(id: ChangeId): ChangeInfo;
}

export interface ZoneStoreOptions {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly isForeignTarget: (zoneId: HostedZoneId, target: DnsName) => boolean;
  readonly hasHealthCheck: (id: HealthCheckId) => boolean;
}

/** The zones in two states: as they were last changed, and as the name servers know them. */
export function createZoneStore({ scheduler, random, ...world }: ZoneStoreOptions): ZoneStore {
  const zoneById = new Map<HostedZoneId, Zone>();
  const servedById = new Map<HostedZoneId, Zone>();
  const infoById = new Map<ChangeId, ChangeInfo>();

  function apply(zone: Zone, changes: readonly Change[]): Result<Zone, ChangeRefusal> {
    const named = changes.flatMap(({ recordSet: { healthCheckId } }) => healthCheckId ?? []);
    const unknown = named.find((id) => !world.hasHealthCheck(id));
    if (unknown !== undefined) return err({ type: "no-such-health-check", id: unknown });
    return applyChanges(zone, changes, world.isForeignTarget);
  }

  function get(id: HostedZoneId): Zone {
    const zone = zoneById.get(id);
    if (zone === undefined)
      throw new AwsError("NoSuchHostedZone", `No hosted zone found with ID: ${id}`, 404);
    return zone;
  }

  function submit(zone: Zone): ChangeInfo {
    const id = `C${Array.from({ length: 20 }, () => pick(random, changeIdLetters)).join("")}` as ChangeId;
    const info: ChangeInfo = { id, status: "PENDING", submittedAtMs: scheduler.now() };
    zoneById.set(zone.id, zone);
    infoById.set(id, info);
    scheduler.after(propagationMs, () => {
      servedById.set(zone.id, zone);
      infoById.set(id, { ...info, status: "INSYNC" });
    });
    return info;
  }

  return {
    create(id, name, recordSets) {
      const changes = recordSets.map((recordSet) => ({ action: "UPSERT", recordSet }) as const);
      const made = apply(emptyZone(id, name, nameServer), changes);
      if (!made.ok) return made;
      zoneById.set(id, made.value);
      servedById.set(id, made.value);
      return made;
    },
    get,
    all: () => [...zoneById.values()],
    served: () => [...servedById.values()],
    change(id, changes) {
      const changed = apply(get(id), changes);
      return changed.ok ? ok(submit(changed.value)) : changed;
    },
    changeInfo(id) {
      const info = infoById.get(id);
      if (info === undefined)
        throw new AwsError("NoSuchChange", `Could not find resource with ID: ${id}`, 404);
      return info;
    },
  };
}
