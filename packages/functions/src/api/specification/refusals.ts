import * as z from "zod";
import { isWorthAnotherTry, type ProblemName, problems, problemType } from "../problems.ts";
import type { SpecifiedContract } from "./contracts.ts";
import type { Json, JsonObject } from "./json.ts";

const problemNames = Object.keys(problems) as ProblemName[];

export function takesBody({ body }: SpecifiedContract): boolean {
  return !(body instanceof z.ZodUndefined);
}

const refusalsByNeed = {
  anything: ["malformed-request", "internal"],
  token: ["unauthenticated", "session-expired"],
  adminToken: ["admin-scope-needed"],
  body: ["body-too-large"],
  jsonBody: ["unsupported-media-type", "invalid-body"],
  operation: ["operation-too-old", "operation-too-far-ahead"],
  consistency: ["not-covered"],
  ifMatch: ["version-changed"],
  store: ["stored-data-not-understood"],
} as const satisfies Readonly<Record<string, readonly ProblemName[]>>;

/** What a path refuses by what it takes; its contract lists the rest. */
function commonRefusals(contract: SpecifiedContract): readonly ProblemName[] {
  const { security, operation, consistency, ifMatch, refusals } = contract;
  const body = contract.method !== "GET"; // one that is sent where none is taken is read, and refused, too
  const needs = {
    anything: true,
    token: security === "shopper" || security === "admin" || security === "either",
    adminToken: security === "admin",
    body,
    jsonBody: body && contract.bodyText !== true,
    operation,
    consistency: consistency === true,
    ifMatch: ifMatch === true,
    store: refusals.includes("unavailable"),
  };
  return (Object.keys(refusalsByNeed) as (keyof typeof refusalsByNeed)[]).flatMap((need) =>
    needs[need] ? refusalsByNeed[need] : [],
  );
}

/** In the order of the one table. */
export function refusalsOf(contract: SpecifiedContract): readonly ProblemName[] {
  const refused = new Set([...commonRefusals(contract), ...contract.refusals]);
  return problemNames.filter((name) => refused.has(name));
}

const exampleId = "01K742SG000000000000000008";

/** Each problem as a body, for the paths to refer to. */
export function problemExamples(): JsonObject {
  return Object.fromEntries(
    problemNames.map((name) => {
      const { status, title } = problems[name];
      const value = { type: problemType(name), title, status, detail: `${title}.`, instance: exampleId };
      return [name, { summary: title, value }];
    }),
  );
}

const text = { type: "string" };

/** RFC 9457. Problems have further members, as docs/api.md shows. */
export function problemSchema(): JsonObject {
  return {
    type: "object",
    properties: {
      type: { ...text, enum: problemNames.map(problemType) },
      title: text,
      status: { type: "integer" },
      detail: { ...text, description: "What happened this time, for a person" },
      instance: { ...text, description: "The request's id, which the region's logs have too" },
      errors: {
        type: "array",
        description: "The places of a body, path or query that are refused",
        items: {
          type: "object",
          properties: { pointer: text, detail: text },
          required: ["pointer", "detail"],
        },
      },
    },
    required: ["type", "title", "status", "detail", "instance"],
  };
}

const headersByProblem: Readonly<Partial<Record<ProblemName, readonly string[]>>> = {
  unauthenticated: ["WWW-Authenticate"],
  "session-expired": ["WWW-Authenticate"],
  "version-changed": ["ETag"],
  "unsupported-media-type": ["Accept-Post"],
  "not-covered": ["Consistency", "Preference-Applied"],
};

function headersOfProblem(name: ProblemName): readonly string[] {
  return [...(headersByProblem[name] ?? []), ...(isWorthAnotherTry(name) ? ["Retry-After"] : [])];
}

function refusal(names: readonly ProblemName[], headersOf: HeadersOf): JsonObject {
  return {
    description: names.map((name) => problems[name].title).join("; "),
    headers: headersOf([...new Set(names.flatMap(headersOfProblem))]),
    content: {
      "application/problem+json": {
        schema: { $ref: "#/components/schemas/Problem" },
        examples: Object.fromEntries(names.map((name) => [name, { $ref: `#/components/examples/${name}` }])),
      },
    },
  };
}

export type HeadersOf = (names: readonly string[]) => Json;

/** The refusals of a path by status. */
export function refusalResponses(contract: SpecifiedContract, headersOf: HeadersOf): JsonObject {
  const names = refusalsOf(contract);
  const statuses = [...new Set(names.map((name) => problems[name].status))];
  return Object.fromEntries(
    statuses.map((status) => [
      String(status),
      refusal(
        names.filter((name) => problems[name].status === status),
        headersOf,
      ),
    ]),
  );
}
