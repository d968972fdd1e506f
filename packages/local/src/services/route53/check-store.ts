import { isDeepStrictEqual } from "node:util";
import { type Random, randomId } from "../../links/random.ts";
import { AwsError } from "../service.ts";
import type { Checkers } from "./checkers.ts";
import { type CheckView, type HealthCheck, isCheckHealthy } from "./health-check.ts";
import { invalidInput } from "./input.ts";
import type { HealthCheckId } from "./record-set.ts";

export interface StoredCheck {
  readonly id: HealthCheckId;
  readonly callerReference: string;
  /** Rises with each update, from 1. */
  readonly version: number;
  readonly check: HealthCheck;
}

export interface CheckStore {
  /** A check with a given id, for those that the infrastructure makes. Throws `InvalidInput`. */
  provision(id: HealthCheckId, check: HealthCheck): StoredCheck;
  /** A new check; the same request again gives the same. Throws `InvalidInput`, `HealthCheckAlreadyExists`. */
  create(callerReference: string, check: HealthCheck): StoredCheck;
  /** Throws `NoSuchHealthCheck`, `InvalidInput` and, when the version is another, `HealthCheckVersionMismatch`. */
  update(
    id: HealthCheckId,
    version: number | undefined,
    change: (check: HealthCheck) => HealthCheck,
  ): StoredCheck;
  /** Throws `NoSuchHealthCheck`. */
  get(id: HealthCheckId): StoredCheck;
  has(id: HealthCheckId): boolean;
  isHealthy(id: HealthCheckId): boolean;
  /** Which share of its checkers finds an endpoint healthy; of a calculated check which share of its children is. */
  healthyShare(id: HealthCheckId): number;
}

export interface CheckStoreOptions {
  readonly checkers: Pick<Checkers, "watch" | "observations">;
  readonly random: Random;
}

export function createCheckStore({ checkers, random }: CheckStoreOptions): CheckStore {
  const storedById = new Map<HealthCheckId, StoredCheck>();
  const checks = new Map<HealthCheckId, HealthCheck>();
  const view: CheckView = { checks, checkersOf: (id) => checkers.observations(id).map(({ state }) => state) };

  function get(id: HealthCheckId): StoredCheck {
    const stored = storedById.get(id);
    if (stored === undefined) {
      throw new AwsError("NoSuchHealthCheck", `A health check with id ${id} does not exist.`, 404);
    }
    return stored;
  }

  function store(stored: StoredCheck): StoredCheck {
    const { id, check } = stored;
    if (check.type === "CALCULATED") refuseChildren(id, check.children);
    const before = checks.get(id);
    storedById.set(id, stored);
    checks.set(id, check);
    // Turning a check round asks nothing new of its endpoint.
    const isPolledAlike = before !== undefined && isDeepStrictEqual(upright(before), upright(check));
    if (check.type !== "CALCULATED" && !isPolledAlike) checkers.watch(id, check);
    return stored;
  }

  function refuseChildren(id: HealthCheckId, children: readonly HealthCheckId[]): void {
    const missing = children.find((child) => child !== id && !checks.has(child));
    if (missing !== undefined) throw invalidInput(`Child health check ${missing} does not exist.`);
    const nested = children.find((child) => child === id || checks.get(child)?.type === "CALCULATED");
    if (nested !== undefined) {
      throw invalidInput(`Child health check ${nested} is calculated: a calculated one cannot monitor it.`);
    }
  }

  return {
    get,
    has: (id) => storedById.has(id),
    isHealthy: (id) => isCheckHealthy(view, id),
    healthyShare(id) {
      const { check } = get(id);
      const healthy =
        check.type === "CALCULATED"
          ? check.children.map((child) => isCheckHealthy(view, child))
          : view.checkersOf(id).map((checker) => checker.healthy);
      return healthy.length === 0 ? 1 : healthy.filter(Boolean).length / healthy.length;
    },
    provision: (id, check) => store({ id, callerReference: id, version: 1, check }),
    create(callerReference, check) {
      const existing = [...storedById.values()].find((stored) => stored.callerReference === callerReference);
      if (existing === undefined) {
        return store({ id: randomId(random) as HealthCheckId, callerReference, version: 1, check });
      }
      if (isDeepStrictEqual(existing.check, check)) return existing;
      const message = `A health check with CallerReference ${callerReference} already exists, with other settings.`;
      throw new AwsError("HealthCheckAlreadyExists", message, 409);
    },
    update(id, version, change) {
      const stored = get(id);
      if (version !== undefined && version !== stored.version) {
        const message =
          "The value of HealthCheckVersion in the request doesn't match the value of HealthCheckVersion in the health check.";
        throw new AwsError("HealthCheckVersionMismatch", message, 409);
      }
      return store({ ...stored, version: stored.version + 1, check: change(stored.check) });
    },
  };
}

function upright(check: HealthCheck): HealthCheck {
  return { ...check, inverted: false };
}
