import { createRequire } from "node:module";
import { dirname } from "node:path";
import type { JsonObject } from "../api/specification/json.ts";

interface Ajv {
  addSchema(schema: object, name: string): void;
  compile(schema: object): Validate;
}

interface Validate {
  (value: unknown): boolean;
  readonly errors?: readonly { readonly instancePath: string; readonly message?: string }[] | null;
}

/** The JSON Schema validator that the specification's own validator runs on. */
function createAjv(): Ajv {
  const require = createRequire(import.meta.url);
  const ofValidator = createRequire(
    dirname(require.resolve("@seriousme/openapi-schema-validator/package.json")),
  );
  const { default: Ajv2020 } = ofValidator("ajv/dist/2020.js");
  const { default: addFormats } = ofValidator("ajv-formats");
  return addFormats(new Ajv2020({ strict: false, allErrors: true }));
}

/** Headers that a client acts upon: an answer has one of them exactly where the specification says so. */
const promisedHeaders: readonly string[] = [
  "ETag",
  "Location",
  "WWW-Authenticate",
  "Accept-Post",
  "Retry-After",
];

/** These depend on the request too, so an answer may lack them. */
const possibleHeaders: readonly string[] = ["Consistency", "Preference-Applied"];

function at(value: unknown, ...names: readonly string[]): unknown {
  return names.reduce<unknown>(
    (inner, name) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, name) : undefined),
    value,
  );
}

export interface AnswerChecker {
  /** One line for each way in which an answer is not as specified. `path` is the specification's. */
  faults(method: string, path: string, response: Response): Promise<readonly string[]>;
}

export function createAnswerChecker(document: JsonObject): AnswerChecker {
  const ajv = createAjv();
  ajv.addSchema(document, "specification");

  function bodyFaults(content: unknown, type: string, pointer: string, text: string): readonly string[] {
    if (at(content, type, "schema") === undefined) {
      return content === undefined && text === "" ? [] : [`no such body: ${type} ${text.slice(0, 80)}`];
    }
    const validate = ajv.compile({ $ref: `specification#${pointer}/content/${pointerPart(type)}/schema` });
    return validate(JSON.parse(text))
      ? []
      : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  }

  return {
    async faults(method, path, response) {
      const names = ["paths", path, method.toLowerCase(), "responses", String(response.status)];
      const specified = at(document, ...names);
      const where = `${method} ${path} ${response.status}`;
      if (specified === undefined) {
        return [`${where} is not specified: ${await response.text()}`];
      }
      const isSpecified = (name: string) => at(specified, "headers", name) !== undefined;
      const text = await response.text();
      const isPromised = (name: string) =>
        isSpecified(name) && (name !== "Retry-After" || response.status !== 409 || isContended(text));
      const headers = [
        ...promisedHeaders.filter((name) => response.headers.has(name) !== isPromised(name)),
        ...possibleHeaders.filter((name) => response.headers.has(name) && !isSpecified(name)),
      ];
      const type = response.headers.get("content-type") ?? "";
      const pointer = `/${names.map(pointerPart).join("/")}`;
      const body = bodyFaults(at(specified, "content"), type, pointer, text);
      return [...headers, ...body].map((fault) => `${where}: ${fault}`);
    },
  };
}

/** Of what a path refuses with 409, the one that is worth another try. */
function isContended(text: string): boolean {
  return at(JSON.parse(text), "type") === "urn:antipode:problem:contended";
}

/** A name within a JSON pointer within an address. */
function pointerPart(name: string): string {
  return encodeURIComponent(name.replaceAll("~", "~0").replaceAll("/", "~1"));
}
