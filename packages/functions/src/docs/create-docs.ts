import type { Clock, Randomness } from "@antipode/core";
import { Hono } from "hono";
import { redirectToDocs } from "../api/docs-redirect.ts";
import { headersOfEveryAnswer } from "../api/every-answer.ts";
import { allowedMethods } from "../api/paths.ts";
import { type Problem, problemResponse } from "../api/problems.ts";
import { requestIdOf, traceIdOf } from "../api/request-id.ts";
import type { Deployment } from "../platform/deployment.ts";
import type { Log } from "../platform/log.ts";
import { answerFile } from "./answer-file.ts";
import type { ServedFile } from "./files.ts";

export interface DocsDeps {
  readonly deployment: Deployment;
  readonly files: readonly ServedFile[];
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly log: Log;
}

type Env = { Variables: { requestId: string } };

function refusal(methods: readonly string[]): Problem {
  const allowed = methods.join(", ");
  return methods.length === 0
    ? { name: "not-found", detail: "See /docs and /openapi.json." }
    : { name: "method-not-allowed", detail: `It takes ${allowed}.`, headers: { Allow: allowed } };
}

/** The specification and its page. They are files: what is served is what was deployed. */
export function createDocs(deps: DocsDeps): Hono<Env> {
  const app = new Hono<Env>();
  const fileByPath = new Map(deps.files.map((file) => [file.path, file]));
  const gets = deps.files.map(({ path }) => ({ method: "GET" as const, path }));

  app.use("*", async (c, next) => {
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
  });

  app.get("/docs/", redirectToDocs);

  app.all("*", async (c) => {
    const file = fileByPath.get(c.req.path);
    if (file !== undefined && (c.req.method === "GET" || c.req.method === "HEAD")) {
      return answerFile(file, c.req.raw.headers);
    }
    const methods = allowedMethods(gets, c.req.path);
    return file !== undefined && c.req.method === "OPTIONS"
      ? new Response(null, { status: 204, headers: { Allow: methods.join(", ") } })
      : problemResponse(refusal(methods), c.get("requestId"));
  });

  app.onError((error, c) => {
    deps.log.error("a bug", { requestId: c.get("requestId"), error });
    return problemResponse({ name: "internal", detail: "The failure is logged." }, c.get("requestId"));
  });

  return app;
}
