/** CloudWatch's JSON 1.0 protocol, as the SDK speaks it; times are seconds since 1970. */
import { randomUUID } from "node:crypto";
import { gunzipSync } from "node:zlib";
import * as z from "zod";
import { AwsError, type ServiceRequest, type ServiceResponse } from "../service.ts";

const target = "GraniteServiceVersion20100801.";
const contentType = "application/x-amz-json-1.0";

/** The operation that a request names; nothing when it names none of CloudWatch's. */
export function operationOf({ headers }: ServiceRequest): string | undefined {
  const named = headers["x-amz-target"] ?? "";
  return named.startsWith(target) ? named.slice(target.length) : undefined;
}

/** The request's body in that shape. Throws `InvalidParameterValue`, `SerializationException`. */
export function inputOf<Shape extends z.ZodType>(request: ServiceRequest, shape: Shape): z.infer<Shape> {
  const parsed = shape.safeParse(bodyOf(request));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw invalid(`${issue?.path.join(".") || "the request"}: ${issue?.message}`);
}

/** The SDK compresses bodies of ten kilobytes and more. */
function bodyOf({ headers, body }: ServiceRequest): unknown {
  try {
    const plain =
      headers["content-encoding"] === "gzip" ? gunzipSync(body, { maxOutputLength: 8_388_608 }) : body;
    return JSON.parse(plain.toString("utf8"));
  } catch {
    throw new AwsError("SerializationException", "The request body is not JSON");
  }
}

export const time = z.number().transform((seconds) => Math.round(seconds * 1_000));
export const toTime = (atMs: number) => atMs / 1_000;

export function invalid(message: string): AwsError {
  return new AwsError("InvalidParameterValue", message);
}

export function answer(body: object): ServiceResponse {
  return respond(200, body, {});
}

/** Clients of the older protocol know errors by the names that a header still carries. */
export function errorAnswer(error: AwsError): ServiceResponse {
  const fault = error.status >= 500 ? "Receiver" : "Sender";
  const body = {
    __type: `com.amazonaws.cloudwatch#${typeOf(error.code)}`,
    message: error.message,
    ...error.members,
  };
  return respond(error.status, body, { "x-amzn-query-error": `${error.code};${fault}` });
}

const types: Readonly<Record<string, string>> = {
  InvalidParameterValue: "InvalidParameterValueException",
  InvalidParameterCombination: "InvalidParameterCombinationException",
};

const typeOf = (code: string) => types[code] ?? code;

function respond(status: number, body: object, headers: Readonly<Record<string, string>>): ServiceResponse {
  return {
    status,
    headers: { "content-type": contentType, "x-amzn-requestid": randomUUID(), ...headers },
    body: JSON.stringify(body),
  };
}

/** A page of a list that is passed over by position. */
export function pageOf<T>(all: readonly T[], size: number, token: string | undefined) {
  const from = token === undefined ? 0 : Number(token);
  if (!Number.isInteger(from) || from < 0)
    throw new AwsError("InvalidNextToken", "The next token is not one of ours");
  const next = from + size < all.length ? { NextToken: String(from + size) } : {};
  return { page: all.slice(from, from + size), next };
}
