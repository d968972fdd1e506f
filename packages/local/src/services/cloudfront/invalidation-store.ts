import type { Random } from "../../links/random.ts";
import type { Scheduler } from "../../links/scheduler.ts";
import { AwsError } from "../service.ts";
import { newId } from "./distribution-store.ts";
import { invalidArgument } from "./input.ts";

/** Until the last edge location has forgotten; on AWS it takes a minute or two. */
const invalidateMs = 5_000;
/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html */
const pathsMax = 3_000;
const wildcardsMax = 15;

export interface Invalidation {
  readonly id: string;
  readonly distributionId: string;
  readonly callerReference: string;
  readonly paths: readonly string[];
  readonly createdAtMs: number;
}

/** An edge location that forgets after this share of the time that an invalidation takes. */
export interface InvalidationListener {
  readonly share: number;
  readonly forget: (distributionId: string, path: string) => void;
}

export interface InvalidationStore {
  /** The same reference with the same paths is the same invalidation. Throws `AwsError`. */
  create(distributionId: string, callerReference: string, paths: readonly string[]): Invalidation;
  get(distributionId: string, id: string): Invalidation;
  statusOf(invalidation: Invalidation): "InProgress" | "Completed";
  underWay(distributionId: string): number;
  listen(listener: InvalidationListener): void;
}

export function createInvalidationStore(scheduler: Scheduler, random: Random): InvalidationStore {
  const all: Invalidation[] = [];
  const listeners: InvalidationListener[] = [];
  const statusOf = ({ createdAtMs }: Invalidation) =>
    createdAtMs + invalidateMs > scheduler.now() ? "InProgress" : "Completed";
  const underWay = (distributionId: string) =>
    all.filter((one) => one.distributionId === distributionId && statusOf(one) === "InProgress");

  return {
    statusOf,
    underWay: (distributionId) => underWay(distributionId).length,
    listen: (listener) => void listeners.push(listener),
    get(distributionId, id) {
      const found = all.find((one) => one.distributionId === distributionId && one.id === id);
      if (found !== undefined) return found;
      throw new AwsError("NoSuchInvalidation", "The specified invalidation does not exist.", 404);
    },
    create(distributionId, callerReference, paths) {
      const earlier = all.find(
        (one) => one.distributionId === distributionId && one.callerReference === callerReference,
      );
      if (earlier !== undefined) return sameAs(earlier, paths);
      requirePaths(paths);
      const waiting = underWay(distributionId).flatMap((one) => one.paths);
      requireRoom([...waiting, ...paths]);
      const id = newId("I", random);
      const invalidation = { id, distributionId, callerReference, paths, createdAtMs: scheduler.now() };
      all.push(invalidation);
      for (const { share, forget } of listeners) {
        scheduler.after(share * invalidateMs, () => {
          for (const path of paths) forget(distributionId, path);
        });
      }
      return invalidation;
    },
  };
}

function sameAs(earlier: Invalidation, paths: readonly string[]): Invalidation {
  if (JSON.stringify(earlier.paths) === JSON.stringify(paths)) return earlier;
  const message = "You specified the same CallerReference and different paths.";
  throw new AwsError("InvalidArgument", message, 400);
}

function requirePaths(paths: readonly string[]): void {
  if (paths.length === 0) throw invalidArgument("The parameter Paths must have at least one path.");
  const wrong = paths.find((path) => !path.startsWith("/") || path.slice(0, -1).includes("*"));
  if (wrong !== undefined)
    throw invalidArgument(`Your request contains one or more invalid invalidation paths: ${wrong}`);
}

function requireRoom(paths: readonly string[]): void {
  const wildcards = paths.filter((path) => path.endsWith("*"));
  if (paths.length <= pathsMax && wildcards.length <= wildcardsMax) return;
  const message = "Your request would exceed the number of invalidations that may be in progress.";
  throw new AwsError("TooManyInvalidationsInProgress", message, 400);
}
