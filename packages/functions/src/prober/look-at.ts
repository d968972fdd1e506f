import type { Look } from "@antipode/core";

/** Looks at a region's `/ready` as a client outside it would. Never rejects. */
export type LookAt = (region: string) => Promise<Look>;

/** ms for a whole answer. Whoever takes longer is as good as gone for a shopper; two rounds never meet. */
export const lookWithinMs = 4_000;

export interface LookOptions {
  /** A region's public address, without a path. */
  readonly urlOf: (region: string) => string;
  readonly fetch: typeof fetch;
  readonly nowMs: () => number;
}

function reasonOf(error: unknown): string {
  const { name, message, cause } = error instanceof Error ? error : new Error(String(error));
  if (name === "TimeoutError") {
    return `no answer within ${lookWithinMs} ms`;
  }
  const code: unknown = cause instanceof Error && "code" in cause ? cause.code : undefined;
  return typeof code === "string" ? code : message;
}

/** The body is read to its end: a region that answers with headers alone has not answered. */
export function createLookAt({ urlOf, fetch, nowMs }: LookOptions): LookAt {
  return async (region) => {
    const startedMs = nowMs();
    try {
      const response = await fetch(`${urlOf(region)}/ready`, {
        headers: { "Cache-Control": "no-cache" },
        redirect: "error",
        signal: AbortSignal.timeout(lookWithinMs),
      });
      await response.arrayBuffer();
      return response.status === 200
        ? { type: "well", latencyMs: Math.max(0, nowMs() - startedMs) }
        : { type: "failed", reason: `status ${response.status}` };
    } catch (error) {
      return { type: "failed", reason: reasonOf(error) };
    }
  };
}
