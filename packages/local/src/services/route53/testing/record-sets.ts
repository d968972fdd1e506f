import { type DnsName, parseDnsName } from "../dns-name.ts";
import type { HealthCheckId, HostedZoneId, RecordSet, RecordType, Routing, Zone } from "../record-set.ts";
import { emptyZone } from "../zone.ts";

export const zoneId = "Z1" as HostedZoneId;

/** Throws when the text is no name: a mistake of the test. */
export function dnsName(text: string): DnsName {
  const parsed = parseDnsName(text);
  if (!parsed.ok) throw new Error(`${text} is no name`);
  return parsed.value;
}

export const checkId = (text: string) => text as HealthCheckId;

interface More {
  readonly type?: RecordType;
  readonly routing?: Routing;
  readonly check?: string;
  readonly ttlSeconds?: number;
}

export function values(name: string, value: string | readonly string[], more: More = {}): RecordSet {
  const all = typeof value === "string" ? [value] : value;
  return set(name, { type: "values", ttlSeconds: more.ttlSeconds ?? 60, values: all }, more);
}

export function alias(
  name: string,
  target: string,
  more: More & { readonly evaluates?: boolean } = {},
): RecordSet {
  const evaluateTargetHealth = more.evaluates ?? true;
  return set(name, { type: "alias", zoneId, target: dnsName(target), evaluateTargetHealth }, more);
}

function set(name: string, content: RecordSet["content"], { type = "A", routing, check }: More): RecordSet {
  return {
    name: dnsName(name),
    type,
    routing: routing ?? { policy: "simple" },
    content,
    ...(check === undefined ? {} : { healthCheckId: checkId(check) }),
  };
}

export const latency = (region: string): Routing => ({ policy: "latency", setIdentifier: region, region });
export const weighted = (setIdentifier: string, weight: number): Routing => ({
  policy: "weighted",
  setIdentifier,
  weight,
});
export const failover = (role: "PRIMARY" | "SECONDARY", setIdentifier = role.toLowerCase()): Routing => ({
  policy: "failover",
  setIdentifier,
  role,
});
/** A continent's code, or `*` for the default. */
export const geo = (code: string): Routing => ({
  policy: "geolocation",
  setIdentifier: code,
  location: code === "*" ? { type: "default" } : { type: "continent", code },
});

/** `shop.test` with these sets, whatever the rules say of them. */
export function zoneWith(...sets: readonly RecordSet[]): Zone {
  const zone = emptyZone(zoneId, dnsName("shop.test"), "ns-1.local.test.");
  return { ...zone, recordSets: [...zone.recordSets, ...sets] };
}
