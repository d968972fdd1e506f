import * as z from "zod";
import type { Deployment } from "./deployment.ts";

/**
 * Where each region answers from outside: its own name under the domain. `REGION_URLS`, a JSON object of addresses by region, is set
 * where there are no such names, as in the local world.
 */
export function regionUrls({ domain }: Deployment, given = process.env["REGION_URLS"]) {
  const urls = given === undefined ? {} : z.record(z.string(), z.url()).parse(JSON.parse(given));
  return (region: string): string => urls[region] ?? `https://${region}.${domain}`;
}

/** Where the CDN answers: at the domain itself, but where `REGION_URLS` stand for names at `EDGE_URL`, if that is set. */
export function edgeUrlOf({ domain }: Pick<Deployment, "domain">, env = process.env): string | undefined {
  const isNamed = domain !== "" && env["REGION_URLS"] === undefined;
  return env["EDGE_URL"] ?? (isNamed ? `https://${domain}` : undefined);
}
