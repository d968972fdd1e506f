import { bodyBytesDefault } from "../body.ts";
import type { NamedContract, SpecifiedContract } from "./contracts.ts";
import { answerHeadersOf, requestHeadersOf } from "./headers.ts";
import type { JsonObject } from "./json.ts";
import { refusalResponses, takesBody } from "./refusals.ts";
import { bodySchema, type Parameter, parametersOf, type Schemas } from "./schemas.ts";

const ofEveryAnswer = ["Request-Id", "Served-By"];

function headerReferences(names: readonly string[]): JsonObject {
  return Object.fromEntries(
    [...ofEveryAnswer, ...names].map((name) => [name, { $ref: `#/components/headers/${name}` }]),
  );
}

/** Hono's `/v1/carts/:cartId` in OpenAPI's form. */
export function specifiedPath(path: string): string {
  return path.replace(/:(\w+)/g, "{$1}");
}

function parameters(contract: SpecifiedContract): readonly JsonObject[] {
  const inPlace = (place: string) => (parameter: Parameter) => ({
    name: parameter.name,
    in: place,
    required: parameter.required,
    schema: parameter.schema,
  });
  return [
    ...parametersOf(contract.params).map(inPlace("path")),
    ...parametersOf(contract.query).map(inPlace("query")),
    ...requestHeadersOf(contract).map((name) => ({ $ref: `#/components/parameters/${name}` })),
  ];
}

/** Each of the list is enough; the empty one stands for no token. */
const securityOf: Readonly<Record<SpecifiedContract["security"], readonly JsonObject[]>> = {
  none: [],
  optional: [{}, { shopper: [] }, { admin: [] }],
  shopper: [{ shopper: [] }],
  admin: [{ admin: [] }],
  either: [{ shopper: [] }, { admin: [] }],
};

function requestBody(contract: SpecifiedContract): JsonObject {
  if (!takesBody(contract)) {
    return {};
  }
  const required = !contract.body.safeParse(undefined).success;
  const bytesMax = contract.bodyBytesMax ?? bodyBytesDefault;
  const type = contract.bodyText === true ? "*/*" : "application/json";
  return {
    requestBody: {
      description: `${bytesMax} bytes at most`,
      required,
      content: { [type]: { schema: bodySchema(contract.body) } },
    },
  };
}

function answerResponses(contract: SpecifiedContract, schemas: Schemas): JsonObject {
  return Object.fromEntries(
    Object.entries(contract.answers).map(([status, { description, schema }]) => [
      status,
      {
        description,
        headers: headerReferences(answerHeadersOf(contract, Number(status))),
        ...(schema === undefined
          ? {}
          : { content: { "application/json": { schema: schemas.answer(schema) } } }),
      },
    ]),
  );
}

export function specifyOperation(
  { tag, operationId, contract }: NamedContract,
  schemas: Schemas,
): JsonObject {
  return {
    tags: [tag],
    operationId,
    summary: contract.summary,
    security: securityOf[contract.security],
    parameters: parameters(contract),
    ...requestBody(contract),
    responses: { ...answerResponses(contract, schemas), ...refusalResponses(contract, headerReferences) },
  };
}
