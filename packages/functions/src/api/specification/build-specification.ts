import { type NamedContract, namedContracts, sections } from "./contracts.ts";
import { answerHeaders, requestHeaders } from "./headers.ts";
import type { JsonObject } from "./json.ts";
import { specifiedPath, specifyOperation } from "./operations.ts";
import { problemExamples, problemSchema } from "./refusals.ts";
import { createSchemas, type Schemas } from "./schemas.ts";

const description = `Every region serves this API, reads and writes alike; \`Served-By\` says which one answered.

\`HEAD\` works wherever \`GET\` does and \`OPTIONS\` answers a browser's preflight. A path that does not exist is refused as
\`not-found\` (404), a method that a path does not take as \`method-not-allowed\` (405, with \`Allow\`). Amounts are integers in
the currency's minor unit, times are ISO 8601.`;

const bearer = (whose: string) => ({
  type: "http",
  scheme: "bearer",
  bearerFormat: "JWT",
  description: whose,
});

const securitySchemes = {
  shopper: bearer("A shopper's session token, as `POST /v1/sessions` and `POST /v1/carts` answer it"),
  admin: bearer("An operator's token, as `npm run -s token` prints it; it lasts 24 hours at most"),
};

function paths(contracts: readonly NamedContract[], schemas: Schemas): JsonObject {
  const operationsByPath = new Map<string, Record<string, JsonObject>>();
  for (const named of contracts) {
    const path = specifiedPath(named.contract.path);
    const operations = operationsByPath.get(path) ?? {};
    operations[named.contract.method.toLowerCase()] = specifyOperation(named, schemas);
    operationsByPath.set(path, operations);
  }
  return Object.fromEntries(operationsByPath);
}

/** The API as an OpenAPI 3.1 document, from its contracts alone. */
export function buildSpecification(): JsonObject {
  const schemas = createSchemas();
  const specifiedPaths = paths(namedContracts, schemas);
  return {
    openapi: "3.1.0",
    info: {
      title: "Antipode",
      version: "1",
      description,
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/", description: "The region that serves this document" }],
    tags: Object.entries(sections).map(([name, section]) => ({ name, description: section.description })),
    paths: specifiedPaths,
    components: {
      schemas: { ...schemas.components(), Problem: problemSchema() },
      headers: answerHeaders,
      parameters: requestHeaders,
      examples: problemExamples(),
      securitySchemes,
    },
  };
}

/** The exact text of `docs/openapi.json`. */
export function specificationText(): string {
  return `${JSON.stringify(buildSpecification(), null, 2)}\n`;
}
