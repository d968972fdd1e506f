import type { Random } from "../links/random.ts";
import type { Scheduler } from "../links/scheduler.ts";
import type { ClientLocation } from "../services/route53/client.ts";
import { parseDnsName } from "../services/route53/dns-name.ts";
import type { Route53Service } from "../services/route53/route53-service.ts";

export interface EdgeResolverOptions {
  readonly answer: Route53Service["answer"];
  /** Where it stands. */
  readonly client: ClientLocation;
  readonly random: Random;
  readonly scheduler: Pick<Scheduler, "now">;
}

/** The address of a name; nothing when it has none. */
export type ResolveName = (name: string) => string | undefined;

/** A resolver's cache: an answer is good as long as the shortest-lived record on the way to it. */
export function createEdgeResolver({ answer, client, random, scheduler }: EdgeResolverOptions): ResolveName {
  const known = new Map<string, { readonly address: string; readonly untilMs: number }>();
  return (text) => {
    const earlier = known.get(text);
    if (earlier !== undefined && earlier.untilMs > scheduler.now()) return earlier.address;
    const name = parseDnsName(text);
    if (!name.ok) return undefined;
    const { records } = answer({ name: name.value, type: "A", client, chance: random() });
    const last = records.at(-1);
    if (last?.type !== "A") return undefined;
    const ttlSeconds = Math.min(...records.map((record) => record.ttlSeconds));
    known.set(text, { address: last.value, untilMs: scheduler.now() + ttlSeconds * 1_000 });
    return last.value;
  };
}
