import { err, ok } from "@antipode/core";
import type { OutsideLook } from "./ports.ts";

export interface OutsideLookOptions {
  /** Empty on a stage without names. */
  readonly domain: string;
  /** A region's public address, without a path. */
  readonly urlOf: (region: string) => string;
  /** Where the CDN answers; nothing where there is none. */
  readonly edgeUrl?: string;
  readonly fetch: typeof fetch;
  /** Never the same twice: an origin that the CDN has kept no answer for. */
  readonly unique: () => string;
  /** The names to which a name is an alias. */
  readonly resolveCname: (name: string) => Promise<readonly string[]>;
}

/** ms for one look, as for the prober's. */
const lookWithinMs = 4_000;

function reasonOf(error: unknown): string {
  const { name, message, cause } = error instanceof Error ? error : new Error(String(error));
  const known = cause instanceof Error ? cause : error;
  const code: unknown = known instanceof Error && "code" in known ? known.code : undefined;
  if (name === "TimeoutError") {
    return `no answer within ${lookWithinMs} ms`;
  }
  return typeof code === "string" ? code : message;
}

/** Looks as a client would, from where the function runs. */
export function createOutsideLook(options: OutsideLookOptions): OutsideLook {
  const { domain, urlOf, edgeUrl, fetch, unique, resolveCname } = options;
  const ask = (url: string, headers: Readonly<Record<string, string>> = {}) =>
    fetch(url, {
      headers: { "Cache-Control": "no-cache", ...headers },
      redirect: "error",
      signal: AbortSignal.timeout(lookWithinMs),
    });

  return {
    async status(region, path) {
      try {
        const response = await ask(`${urlOf(region)}${path}`);
        await response.arrayBuffer();
        return ok(response.status);
      } catch (error) {
        return err(reasonOf(error));
      }
    },

    async leadsTo(label) {
      if (domain === "") {
        return ok(undefined);
      }
      try {
        const [name] = await resolveCname(`${label}.${domain}`);
        return name === undefined ? err("leads nowhere") : ok(name);
      } catch (error) {
        return err(reasonOf(error));
      }
    },

    async edgeServedBy() {
      if (edgeUrl === undefined) {
        return ok(undefined);
      }
      try {
        // the CDN keeps answers by path, query and Origin, and heeds no client's Cache-Control
        const headers = { Origin: `https://${unique().toLowerCase()}.${domain}` };
        const response = await ask(`${edgeUrl}/v1/products`, headers);
        await response.arrayBuffer();
        const servedBy = response.headers.get("Served-By");
        return response.status < 500 && servedBy !== null
          ? ok(servedBy)
          : err(`status ${response.status}, ${servedBy === null ? "of no region" : `of ${servedBy}`}`);
      } catch (error) {
        return err(reasonOf(error));
      }
    },
  };
}
