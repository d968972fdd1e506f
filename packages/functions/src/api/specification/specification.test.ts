import { readFileSync } from "node:fs";
import { Validator } from "@seriousme/openapi-schema-validator";
import { describe, expect, test } from "vitest";
import { mountedRoutes } from "../../testing/mounted-routes.ts";
import { problems, problemType } from "../problems.ts";
import { buildSpecification, specificationText } from "./build-specification.ts";
import { namedContracts } from "./contracts.ts";
import { specifiedPath } from "./operations.ts";

const written = readFileSync(new URL("../../docs/openapi.json", import.meta.url), "utf8");
const document = buildSpecification();

/** Every object in the document with a member of this name. */
function membersNamed(name: string, value: unknown = document): readonly unknown[] {
  if (typeof value !== "object" || value === null) {
    return [];
  }
  const own: readonly unknown[] = Object.hasOwn(value, name) ? [Reflect.get(value, name)] : [];
  return [...own, ...Object.values(value).flatMap((inner) => membersNamed(name, inner))];
}

const resolve = (reference: string) =>
  reference
    .replace(/^#\//, "")
    .split("/")
    .reduce<unknown>((value, name) => Reflect.get(Object(value), name), document);

test("docs/openapi.json is what the contracts say; npm run spec writes it", () => {
  expect(written).toBe(specificationText());
});

test("it is a valid OpenAPI 3.1 document", async () => {
  const { valid, errors } = await new Validator().validate(JSON.parse(written));
  expect(errors).toBeUndefined();
  expect(valid).toBe(true);
});

test("every reference leads somewhere, and no component is left over", () => {
  const references = membersNamed("$ref").map(String);
  expect(references.length).toBeGreaterThan(50);
  for (const reference of references) {
    expect(resolve(reference), reference).toBeDefined();
  }
  const ofNoPath = ["not-found", "method-not-allowed"].map((name) => `#/components/examples/${name}`);
  for (const kind of ["schemas", "headers", "parameters", "examples"]) {
    for (const name of Object.keys(Object(resolve(`#/components/${kind}`)))) {
      expect([...references, ...ofNoPath]).toContain(`#/components/${kind}/${name}`);
    }
  }
});

describe("it has", () => {
  const mounted = Object.values(mountedRoutes())
    .flat()
    .map(({ contract }) => contract);

  test("every route that is mounted, and no other", () => {
    const inDocument = Object.entries(Object(document["paths"])).flatMap(([path, operations]) =>
      Object.keys(Object(operations)).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const served = mounted.map(({ method, path }) => `${method} ${specifiedPath(path)}`);
    expect(inDocument.sort()).toEqual(served.sort());
    expect(new Set(namedContracts.map(({ contract }) => contract))).toEqual(new Set(mounted));
  });

  test("a name of its own for each operation", () => {
    const paths = Object.values(Object(document["paths"])).map(Object);
    const names = paths
      .flatMap((operations) => Object.values(operations).map(Object))
      .map((one) => one.operationId);
    expect(names).toHaveLength(mounted.length);
    expect(names.every((name) => /^[a-z]\w+$/.test(name))).toBe(true);
    expect(new Set(names).size).toBe(names.length);
  });

  test("every problem, with its type and status", () => {
    const names = Object.keys(problems) as (keyof typeof problems)[];
    expect(Object(resolve("#/components/schemas/Problem")).properties.type.enum).toEqual(
      names.map(problemType),
    );
    for (const name of names) {
      expect(resolve(`#/components/examples/${name}`)).toMatchObject({
        value: { type: problemType(name), status: problems[name].status },
      });
    }
  });

  test.each(namedContracts.map((named) => [named.operationId, named.contract] as const))(
    "all that %s refuses, by status",
    (_, contract) => {
      const operation = Object(resolve("#/paths"))[specifiedPath(contract.path)][
        contract.method.toLowerCase()
      ];
      for (const name of contract.refusals) {
        const response = operation.responses[problems[name].status];
        expect(Object.keys(response.content["application/problem+json"].examples)).toContain(name);
      }
    },
  );
});
