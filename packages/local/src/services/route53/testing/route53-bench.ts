import {
  ChangeResourceRecordSetsCommand,
  CreateHealthCheckCommand,
  type HealthCheckConfig,
  ListResourceRecordSetsCommand,
  type ListResourceRecordSetsCommandInput,
  type ResourceRecordSet,
  Route53Client,
} from "@aws-sdk/client-route-53";
import { createRandom } from "../../../links/random.ts";
import { createVirtualTime, type VirtualTime } from "../../../testing-time/virtual-time.ts";
import { createFront } from "../../front/front.ts";
import { operatorPrincipal, type Statement } from "../../iam/statement.ts";
import { account } from "../../service.ts";
import { createRoute53Service, type Route53Service } from "../route53-service.ts";
import { dnsName, zoneId } from "./record-sets.ts";

export interface Route53Bench {
  readonly time: VirtualTime;
  readonly route53: Route53Service;
  readonly url: string;
  readonly client: Route53Client;
  /** What an endpoint answers to its checkers, 200 when it is not in here. */
  statuses: Record<string, number>;
  /** What the caller may do; everything when left out. */
  statements: readonly Statement[] | undefined;
  readonly bugs: readonly unknown[];
  change(
    action: "CREATE" | "UPSERT" | "DELETE",
    ...sets: readonly ResourceRecordSet[]
  ): Promise<{ Id: string; Status: string; SubmittedAt: Date }>;
  list(query?: Partial<ListResourceRecordSetsCommandInput>): ReturnType<typeof listRecordSets>;
  createCheck(reference: string, config: HealthCheckConfig): Promise<string>;
  /** What the name servers say of a name. */
  addressesOf(name: string): readonly string[];
  close(): Promise<void>;
}

const listRecordSets = (client: Route53Client, query: Partial<ListResourceRecordSetsCommandInput>) =>
  client.send(new ListResourceRecordSetsCommand({ HostedZoneId: zoneId, ...query }));

/** One zone, `shop.test`, behind a front, asked by the unmodified client. */
export async function startRoute53Bench(): Promise<Route53Bench> {
  const time = createVirtualTime();
  const bugs: unknown[] = [];
  const route53 = createRoute53Service({
    scheduler: time,
    random: createRandom(1),
    connect: async ({ host }) => ({
      get: async () => ({ status: bench.statuses[host] ?? 200, reason: "X" }),
      close: () => {},
    }),
    foreignValues: ({ zoneId: id }, type) =>
      id === "Z2FDTNDATAQYW2" && type === "A"
        ? { type: "values", ttlSeconds: 60, values: ["192.0.2.99"] }
        : undefined,
  });
  route53.zones.create(zoneId, dnsName("shop.test"), []);
  const front = await createFront({
    region: "us-east-1",
    services: [route53],
    principals: () => {
      const operator = operatorPrincipal(account);
      return bench.statements === undefined ? operator : { ...operator, statements: bench.statements };
    },
    links: { cross: async () => {} },
    onBug: (error) => bugs.push(error),
  });
  const client = new Route53Client({
    region: "us-east-1",
    endpoint: front.url,
    credentials: { accessKeyId: "A", secretAccessKey: "s" },
    maxAttempts: 1,
  });
  const bench: Route53Bench = {
    time,
    route53,
    url: front.url,
    client,
    statuses: {},
    statements: undefined,
    bugs,
    async change(Action, ...sets) {
      const Changes = sets.map((ResourceRecordSet) => ({ Action, ResourceRecordSet }));
      const input = { HostedZoneId: `/hostedzone/${zoneId}`, ChangeBatch: { Comment: "a <b> & c", Changes } };
      const { ChangeInfo } = await client.send(new ChangeResourceRecordSetsCommand(input));
      const { Id = "", Status = "", SubmittedAt = new Date(0) } = ChangeInfo ?? {};
      return { Id, Status, SubmittedAt };
    },
    list: (query = {}) => listRecordSets(client, query),
    async createCheck(CallerReference, HealthCheckConfig) {
      const made = await client.send(new CreateHealthCheckCommand({ CallerReference, HealthCheckConfig }));
      return made.HealthCheck?.Id ?? "";
    },
    addressesOf: (name) =>
      route53
        .answer({ name: dnsName(name), type: "A", client: { latencyMsByRegion: {} }, chance: 0 })
        .records.map(({ value }) => value),
    async close() {
      client.destroy();
      route53.stop();
      await front.close();
    },
  };
  return bench;
}

/** An address, as the API takes it. */
export function address(Name: string, Value: string): ResourceRecordSet {
  return { Name, Type: "A", TTL: 60, ResourceRecords: [{ Value }] };
}

/** A check of `/health` every ten seconds, as the API takes it. */
export function httpsCheck(host: string, more: Partial<HealthCheckConfig> = {}): HealthCheckConfig {
  const fixed = { Type: "HTTPS", ResourcePath: "/health", RequestInterval: 10, FailureThreshold: 3 } as const;
  return { ...fixed, FullyQualifiedDomainName: host, ...more };
}
