import { randomUUID } from "node:crypto";
import { AwsError, type ServiceRequest, type ServiceResponse } from "./service.ts";

/** What a request of AWS's JSON protocols asks for: the name behind the dot of its target. */
export function operationOf(request: ServiceRequest, target: string): string {
  const [prefix, operation = ""] = (request.headers["x-amz-target"] ?? "").split(".");
  if (prefix === target && operation !== "") return operation;
  throw new AwsError("UnknownOperationException", "The request names no operation");
}

/** The request's body. Throws `SerializationException` when it is no JSON object. */
export function bodyOf(request: ServiceRequest): Readonly<Record<string, unknown>> {
  try {
    const body: unknown = JSON.parse(request.body.toString("utf8"));
    if (typeof body === "object" && body !== null && !Array.isArray(body))
      return body as Record<string, unknown>;
  } catch {
    // answered below, as any other body that is no object
  }
  throw new AwsError("SerializationException", "The request body is not a JSON object");
}

export interface JsonAnswers {
  of(body: object): ServiceResponse;
  ofError(error: AwsError): ServiceResponse;
}

/** Answers in version 1.0 or 1.1 of the protocol; codes are as the front names them unless the service has its own. */
export function jsonAnswers(
  version: "1.0" | "1.1",
  codes: Readonly<Record<string, string>> = {},
): JsonAnswers {
  function answer(status: number, body: object): ServiceResponse {
    const headers = { "content-type": `application/x-amz-json-${version}`, "x-amzn-requestid": randomUUID() };
    return { status, headers, body: JSON.stringify(body) };
  }
  return {
    of: (body) => answer(200, body),
    ofError: ({ code, message, status, members }) =>
      answer(status, { __type: codes[code] ?? code, message, ...members }),
  };
}
