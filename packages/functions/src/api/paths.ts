import type { AnyContract } from "./contract.ts";

function fits(pattern: string, path: string): boolean {
  const wanted = pattern.split("/");
  const given = path.split("/");
  return (
    wanted.length === given.length &&
    wanted.every((part, index) => (part.startsWith(":") ? given[index] !== "" : part === given[index]))
  );
}

/** The methods that a path takes, for `Allow`; none for a path that does not exist. */
export function allowedMethods(
  contracts: readonly Pick<AnyContract, "method" | "path">[],
  path: string,
): readonly string[] {
  const methods = new Set<string>();
  for (const contract of contracts) {
    if (fits(contract.path, path)) {
      methods.add(contract.method);
      if (contract.method === "GET") {
        methods.add("HEAD");
      }
      methods.add("OPTIONS");
    }
  }
  return [...methods].sort();
}
