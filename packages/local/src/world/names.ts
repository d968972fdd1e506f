import { err, ok, type Result } from "@antipode/core";
import type { Random } from "../links/random.ts";
import type { WorldPlan } from "../provision/plan.ts";
import type { LoopbackAddress } from "../services/front/loopback-server.ts";
import { createClientTable } from "../services/route53/client-table.ts";
import { type DnsName, isWithin, parseDnsName } from "../services/route53/dns-name.ts";
import { createDnsServer } from "../services/route53/dns-server.ts";
import type { Route53Service } from "../services/route53/route53-service.ts";
import { clientElsewhere, clientEntries, clientNear } from "./client-places.ts";
import type { Edges } from "./edges.ts";
import { openNamedPort } from "./named-port.ts";
import { addressOf } from "./region-addresses.ts";
import { onPort, type Regions } from "./regions.ts";
import { provisionRoute53 } from "./route53.ts";
import type { NamesStatus, RegionRouting, ResolvedName } from "./status.ts";

export interface NamePorts {
  /** Of the name servers, for UDP and TCP. */
  readonly dns: number;
  /** Of all that names lead to, each at its own address. */
  readonly named: number;
}

export interface NoName {
  readonly type: "no-name";
  readonly text: string;
}

export interface Names {
  status(): NamesStatus;
  /** Which shoppers Route 53 sends there; nothing when no check of that region says so. */
  routing(region: string): RegionRouting | undefined;
  /** What clients near one region or near each are answered. A name without its zone is one of the shop's. */
  resolve(name: string, near?: string): Result<readonly ResolvedName[], NoName>;
  close(): Promise<void>;
}

export interface NamesOptions {
  readonly plan: WorldPlan;
  readonly route53: Route53Service;
  readonly regions: Pick<Regions, "listenAt">;
  readonly edges: Pick<Edges, "doors">;
  readonly random: Random;
  /** Free ones when there are none. */
  readonly ports: NamePorts | undefined;
  readonly warn: (line: string) => void;
}

/**
 * The names of the shop: records and checks, name servers, and the addresses that names lead to. Nothing when the
 * infrastructure has no names, as that of a personal stage.
 */
export async function openNames(options: NamesOptions): Promise<Names | undefined> {
  const { plan, route53, random, ports, edges } = options;
  if (plan.zones.length === 0) return undefined;
  provisionRoute53(route53, plan);
  const apis = plan.regions.map((region) => ({
    host: addressOf(plan.regions, region),
    listenAt: (address: LoopbackAddress) => options.regions.listenAt(region, address),
  }));
  const named = await openNamedPort([...apis, ...edges.doors], ports?.named);
  const dns = await onPort(ports?.dns, (port) =>
    createDnsServer({
      ...port,
      answer: route53.answer,
      locate: createClientTable(clientEntries(plan.regions), clientElsewhere(plan.regions)),
      random,
      onBug: (error) => options.warn(`name server: ${String(error)}`),
    }),
  );
  return {
    status: () => ({ dnsPort: dns.port, ...(named === undefined ? {} : { namedPort: named }) }),
    routing(region) {
      const isHealthy = (kind: string) => {
        const check = plan.healthChecks.find(({ name }) => name === `${kind}-${region}`);
        return check === undefined ? undefined : route53.checks.isHealthy(check.id);
      };
      const isOpen = isHealthy("Open");
      if (isOpen === undefined) return undefined;
      return isOpen ? (isHealthy("Whole") === false ? "share" : "open") : "closed";
    },
    resolve(text, near) {
      const name = fullName(plan.zones, text);
      if (name === undefined) return err({ type: "no-name", text });
      return ok(
        (near === undefined ? plan.regions : [near]).map((region) => {
          const client = clientNear(plan.regions, region);
          const { status, records } = route53.answer({ name, type: "A", client, chance: random() });
          return { near: region, name, status, records };
        }),
      );
    },
    close: dns.close,
  };
}

/** Name servers for functions of regions, which have no subnet of their own: each takes all who ask it for near one region. */
export function nameServers(
  { zones, regions }: Pick<WorldPlan, "zones" | "regions">,
  { answer, random, warn }: Pick<NamesOptions, "random" | "warn"> & Pick<Route53Service, "answer">,
) {
  if (zones.length === 0) return undefined;
  return (near: string) =>
    createDnsServer({
      answer,
      locate: () => ({ location: clientNear(regions, near), prefixLength: 0 }),
      random,
      onBug: (error) => warn(`name server near ${near}: ${String(error)}`),
    });
}

export function noNameText({ text }: NoName): string {
  return `"${text}" is no name: take one of the shop's, such as api, or a whole one`;
}

/** `api` is a name of the shop, and so is one that ends as its zone; `shop` is the zone's own name. */
function fullName(zones: WorldPlan["zones"], text: string): DnsName | undefined {
  if (text === "shop") return zones[0]?.name;
  const whole = parseDnsName(text);
  if (whole.ok && zones.some((zone) => isWithin(whole.value, zone.name))) return whole.value;
  const below = parseDnsName(`${text}.${zones[0]?.name ?? ""}`);
  return below.ok ? below.value : undefined;
}
