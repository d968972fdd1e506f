import type { ApiDeps } from "./deps.ts";

/** API Gateway's own id, so that its access log, ours and the client's report name one request alike. */
export function requestIdOf(env: unknown, deps: Pick<ApiDeps, "clock" | "randomness">): string {
  const context: unknown =
    typeof env === "object" && env !== null ? Reflect.get(env, "requestContext") : undefined;
  const given: unknown =
    typeof context === "object" && context !== null ? Reflect.get(context, "requestId") : undefined;
  return typeof given === "string" && /^[A-Za-z0-9_=-]{1,64}$/.test(given)
    ? given
    : deps.randomness.ulid(deps.clock.nowMs());
}

/** X-Ray's id of the whole trace, which API Gateway adds. */
export function traceIdOf(headers: Headers): string | undefined {
  return /(?:^|;)Root=([0-9a-f-]{1,64})/i.exec(headers.get("x-amzn-trace-id") ?? "")?.[1];
}
