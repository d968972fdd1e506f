import { Hono } from "hono";
import { plainResponse } from "../platform/web/plain-response.ts";
import type { AnyContract } from "./contract.ts";
import type { AppDeps } from "./deps.ts";
import { allowedMethods } from "./paths.ts";
import { isFailure, isForWantOfPeers, type Problem, problemResponse } from "./problems.ts";
import { answerResponse, type Route } from "./route.ts";
import { type Env, serving } from "./serving.ts";

const preflightHeaders = {
  "Access-Control-Allow-Headers":
    "Authorization, Consistency-Token, Content-Type, Idempotency-Key, If-Match, If-None-Match, Prefer",
  "Access-Control-Max-Age": "600", // seconds; browsers cap it at some minutes anyway
};

function pathProblem(allowed: readonly string[]): Problem {
  const methods = allowed.join(", ");
  return allowed.length === 0
    ? { name: "not-found", detail: "See /docs for every path." }
    : { name: "method-not-allowed", detail: `It takes ${methods}.`, headers: { Allow: methods } };
}

/**
 * Serves routes as one app: the whole of what a function answers, refusals of what it does not know included. Of `elsewhere`
 * another function serves the very method, and every other one comes here to be refused.
 */
export function createApp<Deps extends AppDeps>(
  deps: Deps,
  routes: readonly Route<Deps>[],
  elsewhere: readonly AnyContract[] = [],
): Hono<Env> {
  const app = new Hono<Env>();
  const contracts = routes.map((route) => route.contract);
  const allowedAt = (path: string): readonly string[] => {
    const there = allowedMethods(elsewhere, path).filter((method) => method !== "HEAD");
    return there.length > 0 ? there : allowedMethods(contracts, path);
  };

  const refuse = (problem: Problem, requestId: string): Response => {
    if (isFailure(problem.name)) {
      deps.log.error(problem.name, { requestId, detail: problem.detail, cause: problem.cause });
    }
    if (problem.name === "contended") {
      deps.log.warn(problem.name, { requestId, cause: problem.cause });
    }
    if (isForWantOfPeers(problem.name)) {
      deps.measurements.record("RefusedForPeers", [1]);
    }
    return problemResponse(problem, requestId);
  };

  app.use("*", serving(deps));

  for (const { contract, serve } of routes) {
    app.on(contract.method, contract.path, async (c) => {
      const requestId = c.get("requestId");
      const outcome = await serve(c, deps, requestId);
      return outcome.ok ? answerResponse(outcome.value) : refuse(outcome.error, requestId);
    });
  }

  app.notFound((c) => {
    const allowed = allowedAt(c.req.path);
    if (c.req.method !== "OPTIONS" || allowed.length === 0) {
      return refuse(pathProblem(allowed), c.get("requestId"));
    }
    const methods = allowed.join(", ");
    return plainResponse(null, {
      status: 204,
      headers: { ...preflightHeaders, Allow: methods, "Access-Control-Allow-Methods": methods },
    });
  });

  app.onError((error, c) => {
    deps.log.error("a bug", { requestId: c.get("requestId"), error });
    return problemResponse({ name: "internal", detail: "The failure is logged." }, c.get("requestId"));
  });

  return app;
}
