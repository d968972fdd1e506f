import { sha256 } from "./model.ts";

/** The id of the hosted zone that answers for a domain name, taken to be that of its last two labels. */
export function hostedZoneId(domain: string): string {
  const zone = domain.replace(/\.$/, "").split(".").slice(-2).join(".");
  return `Z${sha256(`zone/${zone}`).slice(0, 13).toUpperCase()}`;
}
