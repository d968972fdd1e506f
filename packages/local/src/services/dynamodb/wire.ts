import type { JsonObject } from "../../engine/engine.ts";
import { AwsError, type ServiceRequest, type ServiceResponse } from "../service.ts";

/** Which operation a request names; `streams` for those of DynamoDB Streams. */
export interface Target {
  readonly api: "tables" | "streams";
  readonly operation: string;
}

const apis: Readonly<Record<string, Target["api"]>> = {
  DynamoDB_20120810: "tables",
  DynamoDBStreams_20120810: "streams",
};

const contentType = "application/x-amz-json-1.0";

export function targetOf(request: ServiceRequest): Target | undefined {
  const [prefix = "", operation = ""] = (request.headers["x-amz-target"] ?? "").split(".");
  const api = apis[prefix];
  return api === undefined || operation === "" ? undefined : { api, operation };
}

/** The request's body. Throws SerializationException when it is no JSON object. */
export function bodyOf(request: ServiceRequest): JsonObject {
  try {
    const body: unknown = JSON.parse(request.body.toString("utf8"));
    if (typeof body === "object" && body !== null && !Array.isArray(body)) return body as JsonObject;
  } catch {
    // answered below, as any other body that is no object
  }
  throw new AwsError("SerializationException", "The request body is not a JSON object");
}

const typePrefixes: Readonly<Record<string, string>> = {
  ValidationException: "com.amazon.coral.validate",
  SerializationException: "com.amazon.coral.service",
  UnknownOperationException: "com.amazon.coral.service",
  AccessDeniedException: "com.amazon.coral.service",
  UnrecognizedClientException: "com.amazon.coral.service",
  ThrottlingException: "com.amazon.coral.availability",
};

/** Writes answers in DynamoDB's JSON 1.0 form. */
export interface Answers {
  of(body: JsonObject): ServiceResponse;
  ofError(error: AwsError): ServiceResponse;
}

const requestIdLength = 52;

/** Request ids count up, so that a repeated run gives the same ones; DynamoDB's are as long, of digits and capitals. */
export function createAnswers(): Answers {
  let count = 0;
  function answer(status: number, body: JsonObject): ServiceResponse {
    count += 1;
    const requestId = count.toString(36).toUpperCase().padStart(requestIdLength, "0");
    return {
      status,
      headers: { "content-type": contentType, "x-amzn-requestid": requestId },
      body: JSON.stringify(body),
    };
  }
  return {
    of: (body) => answer(200, body),
    ofError(error) {
      const prefix = typePrefixes[error.code] ?? "com.amazonaws.dynamodb.v20120810";
      return answer(error.status, {
        __type: `${prefix}#${error.code}`,
        message: error.message,
        ...error.members,
      });
    },
  };
}
