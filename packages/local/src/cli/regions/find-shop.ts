/** Where a deployed shop's regions answer: by its domain, or by what the region at one address says. */
import { err, ok, type Result } from "@antipode/core";
import { type Fetch, type Listed, listRegions, type ShopRegion } from "./shop-regions.ts";

export interface ShopSettings {
  readonly domain?: string;
  /** One region's address, instead of the domain. */
  readonly url?: string;
  readonly token?: string;
}

export interface NoShop {
  /** Whether other words would have done. */
  readonly usage: boolean;
  /** One line. */
  readonly text: string;
}

/** Names of hosts that DNS takes, with a dot in them: a domain ends up in addresses that a token is sent to. */
const domainPattern = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;

const loopback: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** A token goes over the network under TLS only. */
function readAddress(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && loopback.has(url.hostname));
  return isSafe && url.pathname === "/" && url.search === "" && url.username === "" ? url : undefined;
}

/** The region at an address, and the others, where their addresses are of the same domain: a token goes nowhere else. */
function regionsAt(asked: URL, { servedBy, regions }: Listed): readonly ShopRegion[] {
  return regions.flatMap(({ name, url }) => {
    if (name === servedBy) return [{ name, url: asked.origin }];
    const other = url === null ? undefined : readAddress(url);
    const domain = other?.hostname.startsWith(`${name}.`) ? other.hostname.slice(name.length + 1) : undefined;
    const isSameShop = domain !== undefined && asked.hostname.endsWith(`.${domain}`);
    return other !== undefined && isSameShop ? [{ name, url: other.origin }] : [];
  });
}

export async function findShop(
  fetch: Fetch,
  names: readonly string[],
  { domain, url }: ShopSettings,
): Promise<Result<readonly ShopRegion[], NoShop>> {
  if (url !== undefined) {
    const address = readAddress(url);
    if (address === undefined) {
      return err({ usage: true, text: `--url takes https://<a region's host>, not "${url}"` });
    }
    const listed = await listRegions(fetch, [{ name: address.host, url: address.origin }]);
    return listed.ok
      ? ok(regionsAt(address, listed.value.value))
      : err({ usage: false, text: listed.error.text });
  }
  if (domain === undefined) {
    return err({ usage: true, text: "which shop? Set ANTIPODE_DOMAIN, or give --url" });
  }
  return domainPattern.test(domain)
    ? ok(names.map((name) => ({ name, url: `https://${name}.${domain}` })))
    : err({ usage: true, text: `ANTIPODE_DOMAIN is not a domain: "${domain}"` });
}
