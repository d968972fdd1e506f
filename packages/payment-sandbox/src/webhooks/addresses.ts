import type { DrawnWebhookFaults } from "../provider/faults.ts";

/** Where webhooks go: a region's name and its address. */
export interface WebhookAddress {
  readonly name: string;
  readonly url: string;
}

/** `eu-west-1=http://…`, or an address alone, whose name is its host. */
export function parseAddress(text: string): WebhookAddress | undefined {
  const [, name, rest] = /^([a-z0-9-]+)=(.+)$/.exec(text) ?? [];
  const url = rest ?? text;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    return undefined;
  }
  return { name: name ?? new URL(url).host, url };
}

/** Where one event goes: to the first address, as the nearest region would get it, unless told otherwise. */
export function addressesFor(
  addresses: readonly WebhookAddress[],
  { to }: { readonly to: "round-robin" | readonly string[] | undefined },
  turn: number,
): readonly WebhookAddress[] {
  if (to === undefined) {
    return addresses.slice(0, 1);
  }
  if (to === "round-robin") {
    const next = addresses[turn % Math.max(addresses.length, 1)];
    return next === undefined ? [] : [next];
  }
  return addresses.filter(({ name }) => to.includes(name));
}

/** The deliveries of one event, and how long each waits. */
export function deliveriesOf(
  addresses: readonly WebhookAddress[],
  faults: DrawnWebhookFaults,
  turn: number,
): readonly { readonly url: string; readonly waitMs: number }[] {
  if (faults["webhook-lost"] !== undefined) {
    return [];
  }
  const waitMs = faults["webhook-late"]?.ms ?? 0;
  const once = addressesFor(addresses, { to: faults["webhook-elsewhere"]?.to }, turn).map(({ url }) => ({
    url,
    waitMs,
  }));
  return faults["webhook-twice"] === undefined ? once : [...once, ...once];
}
