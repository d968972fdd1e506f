import { Hono } from "hono";
import { redirectToDocs } from "../api/docs-redirect.ts";
import { allowedMethods } from "../api/paths.ts";
import { type Problem, problemResponse } from "../api/problems.ts";
import { type Env, type ServingDeps, serving } from "../api/serving.ts";
import { answerFile } from "./answer-file.ts";
import type { ServedFile } from "./files.ts";

export interface DocsDeps extends ServingDeps {
  readonly files: readonly ServedFile[];
}

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

  app.use("*", serving(deps));

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
