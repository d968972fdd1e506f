import type { MiddlewareHandler } from "hono";
import type { AppDeps } from "./deps.ts";
import { headersOfEveryAnswer } from "./every-answer.ts";
import { requestIdOf, traceIdOf } from "./request-id.ts";

/** What an app knows of the request that it answers. */
export type Env = { Variables: { requestId: string } };

export type ServingDeps = Omit<AppDeps, "measurements">;

/** Around every answer of whatever app: the request's id, the headers of all answers, and one line in the log. */
export function serving(deps: ServingDeps): MiddlewareHandler<Env> {
  return async (c, next) => {
    const startedMs = deps.clock.nowMs();
    const requestId = requestIdOf(c.env, deps);
    c.set("requestId", requestId);
    await next();
    for (const [name, value] of Object.entries(headersOfEveryAnswer(deps.deployment, requestId))) {
      c.res.headers.set(name, value);
    }
    deps.log.info("served", {
      requestId,
      traceId: traceIdOf(c.req.raw.headers),
      method: c.req.method,
      path: c.req.path.slice(0, 200),
      status: c.res.status,
      tookMs: deps.clock.nowMs() - startedMs,
    });
  };
}
