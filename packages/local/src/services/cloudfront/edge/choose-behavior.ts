import type { CacheBehavior, DistributionConfig } from "../distribution-config.ts";

/** The behaviour of a path: the first whose pattern fits, or the default. */
export function chooseBehavior(
  config: Pick<DistributionConfig, "cacheBehaviors" | "defaultCacheBehavior">,
  path: string,
): CacheBehavior {
  const plain = withoutDotSegments(path);
  const found = config.cacheBehaviors.find(({ pathPattern }) => fitsPattern(pathPattern, plain));
  return found ?? config.defaultCacheBehavior;
}

/** `*` stands for any characters, `?` for exactly one; a slash before either is as good as none. */
export function fitsPattern(pattern: string, path: string): boolean {
  const source = pattern
    .replace(/^\/?/, "/")
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s").test(path);
}

/**
 * The path as behaviours are matched by it (RFC 3986, 5.2.4): `/v1/products/../carts` is a cart's. The origin gets
 * what the viewer sent.
 */
export function withoutDotSegments(path: string): string {
  const kept: string[] = [];
  const parts = path.split("/").slice(1);
  for (const [index, part] of parts.entries()) {
    const plain = part.replaceAll(/%2e/gi, ".");
    const isLast = index === parts.length - 1;
    if (plain === "..") kept.pop();
    if (plain !== "." && plain !== "..") kept.push(part);
    else if (isLast) kept.push("");
  }
  return `/${kept.join("/")}`;
}
