import type { Random } from "../../links/random.ts";
import { pick } from "../../links/random.ts";
import type { Scheduler } from "../../links/scheduler.ts";
import { AwsError } from "../service.ts";
import { faultOf } from "./config-rules.ts";
import type { DistributionConfig } from "./distribution-config.ts";
import type { Policies } from "./policies.ts";

/** Until the last edge location has a change; AWS takes some minutes. */
export const deployMs = 20_000;

export interface Distribution {
  readonly id: string;
  readonly domainName: string;
  readonly tags: Readonly<Record<string, string>>;
  /** The newest first. */
  readonly versions: readonly ConfigVersion[];
}

export interface ConfigVersion {
  readonly config: DistributionConfig;
  readonly etag: string;
  readonly atMs: number;
}

export type NewDistribution = Pick<Distribution, "id" | "domainName" | "tags"> & {
  readonly config: DistributionConfig;
};

export interface DistributionStore {
  /** For the world, which makes what the infrastructure declares: it is deployed at once. */
  provision(distribution: NewDistribution): void;
  all(): readonly Distribution[];
  /** Throws `NoSuchDistribution`. */
  get(id: string): Distribution;
  /** The whole configuration, if it is a change of the newest one. Throws `AwsError`. */
  update(id: string, ifMatch: string | undefined, config: DistributionConfig): Distribution;
  statusOf(distribution: Distribution): "InProgress" | "Deployed";
  /** What an edge location goes by that gets changes after this share of the time that deploying takes. */
  configAt(distribution: Distribution, share: number): DistributionConfig;
}

export interface DistributionStoreOptions {
  readonly scheduler: Pick<Scheduler, "now">;
  readonly random: Random;
  readonly policies: () => Policies;
}

export function createDistributionStore({
  scheduler,
  random,
  policies,
}: DistributionStoreOptions): DistributionStore {
  const distributions = new Map<string, Distribution>();

  function get(id: string): Distribution {
    const found = distributions.get(id);
    if (found === undefined)
      throw new AwsError("NoSuchDistribution", "The specified distribution does not exist.", 404);
    return found;
  }

  function requireTaken(id: string, config: DistributionConfig): void {
    const fault = faultOf(config, policies());
    if (fault !== undefined) throw new AwsError(fault.code, fault.message, fault.status);
    const others = [...distributions.values()].filter((other) => other.id !== id);
    const taken = config.aliases.find((alias) =>
      others.some((other) => newest(other).config.aliases.includes(alias)),
    );
    if (taken === undefined) return;
    const message = `One or more of the CNAMEs you provided are already associated with a different resource: ${taken}`;
    throw new AwsError("CNAMEAlreadyExists", message, 409);
  }

  return {
    provision({ config, ...distribution }) {
      requireTaken(distribution.id, config);
      const version = { config, etag: newId("E", random), atMs: Number.NEGATIVE_INFINITY };
      distributions.set(distribution.id, { ...distribution, versions: [version] });
    },
    all: () => [...distributions.values()],
    get,
    update(id, ifMatch, config) {
      const distribution = get(id);
      const current = newest(distribution);
      requireMatch(ifMatch, current.etag);
      if (config.callerReference !== current.config.callerReference)
        throw new AwsError(
          "IllegalUpdate",
          "The update contains modifications that are not allowed: CallerReference.",
        );
      requireTaken(id, config);
      const nowMs = scheduler.now();
      const version = { config, etag: newId("E", random), atMs: nowMs };
      // Versions that every edge location has left behind are nobody's any more.
      const arrived = distribution.versions.findIndex(({ atMs }) => atMs + deployMs <= nowMs);
      const left = distribution.versions.slice(0, arrived + 1);
      const updated = { ...distribution, versions: [version, ...left] };
      distributions.set(id, updated);
      return updated;
    },
    statusOf: (distribution) =>
      newest(distribution).atMs + deployMs > scheduler.now() ? "InProgress" : "Deployed",
    configAt(distribution, share) {
      const nowMs = scheduler.now();
      const arrived = distribution.versions.find(({ atMs }) => atMs + share * deployMs <= nowMs);
      return (arrived ?? newest(distribution)).config;
    },
  };
}

export function newest({ versions: [version] }: Distribution): ConfigVersion {
  if (version === undefined) throw new Error("a distribution without a configuration");
  return version;
}

function requireMatch(ifMatch: string | undefined, etag: string): void {
  if (ifMatch === undefined || ifMatch === "") {
    const message = "The If-Match version is missing or not valid for the resource.";
    throw new AwsError("InvalidIfMatchVersion", message, 400);
  }
  if (ifMatch === etag) return;
  const message =
    "The request failed because it didn't meet the preconditions in one or more request-header fields.";
  throw new AwsError("PreconditionFailed", message, 412);
}

const idCharacters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"];
const idLength = 13;

/** As CloudFront makes them: of letters and digits, the first telling the kind. */
export function newId(first: "E" | "I", random: Random): string {
  return first + Array.from({ length: idLength }, () => pick(random, idCharacters)).join("");
}
