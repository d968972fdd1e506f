import path from "node:path";
import { fileURLToPath } from "node:url";

export interface ProblemList {
  add(error: unknown): void;
  messages(): string[];
}

/** `infra/api.ts:12`, the first frame of a stack that is the project's own code. */
function ownFrame(stack: string, root: string): string | undefined {
  for (const [, location = "", line = ""] of stack.matchAll(
    /\(?((?:file:\/\/)?\/[^\s()]+?):(\d+):\d+\)?$/gm,
  )) {
    const file = location.startsWith("file://") ? fileURLToPath(location) : location;
    const relative = path.relative(root, file);
    if (!relative.startsWith("..") && !/(^|\/)(\.sst|node_modules)\//.test(relative)) {
      return `${relative}:${line}`;
    }
  }
  return undefined;
}

/** Collects what a program throws, each message once, with the place in the project that it came from. */
export function createProblemList(root: string): ProblemList {
  const byMessage = new Map<string, string>();
  return {
    add: (error) => {
      const message = error instanceof Error ? error.message : String(error);
      const frame = error instanceof Error ? ownFrame(error.stack ?? "", root) : undefined;
      if (!byMessage.has(message)) {
        byMessage.set(message, frame ? `${frame}: ${message}` : message);
      }
    },
    messages: () => [...byMessage.values()],
  };
}
