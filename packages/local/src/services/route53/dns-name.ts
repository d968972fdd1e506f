import { type Brand, err, type MalformedText, malformed, ok, type Result } from "@antipode/core";

/** A whole domain name, in lower case and with its final dot: `api.shop.test.`. */
export type DnsName = Brand<"DnsName">;

const nameCharsMax = 255; // RFC 1035, 2.3.4: with its final dot
const label = /^(\*|[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)$/;

/** A wildcard may be the first label only. Route 53 writes it `\052`, and takes either. */
export function parseDnsName(text: string): Result<DnsName, MalformedText> {
  const bare = text.toLowerCase().replace(/\.$/, "").replaceAll("\\052", "*");
  const labels = bare.split(".");
  const isName = labels.every((part, index) => label.test(part) && (part !== "*" || index === 0));
  if (!isName || bare.length >= nameCharsMax) return err(malformed("a domain name", text));
  return ok(`${bare}.` as DnsName);
}

/** True of the zone's own name too. */
export function isWithin(name: DnsName, zone: DnsName): boolean {
  return name === zone || name.endsWith(`.${zone}`);
}

/** The name without its first label; nothing when that was the last one. */
export function parentOf(name: DnsName): DnsName | undefined {
  const rest = name.slice(name.indexOf(".") + 1);
  return rest === "" ? undefined : (rest as DnsName);
}

export function wildcardBelow(name: DnsName): DnsName {
  return `*.${name}` as DnsName;
}

/** The name as Route 53 prints it. */
export function printedName(name: DnsName): string {
  return name.replace(/^\*/, "\\052");
}

/** Route 53 lists names with their labels reversed: `test.shop.api.`. */
export function reversedLabels(name: DnsName): string {
  return `${name.slice(0, -1).split(".").reverse().join(".")}.`;
}
