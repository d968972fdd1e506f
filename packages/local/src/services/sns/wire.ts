import { randomUUID } from "node:crypto";
import { writeXml, type XmlContent } from "../route53/xml.ts";
import type { AwsError, ServiceResponse } from "../service.ts";

const namespace = ' xmlns="http://sns.amazonaws.com/doc/2010-03-31/"';

/** Names that the front uses for every service, as SNS says them. */
const snsCodes: Readonly<Record<string, { readonly code: string; readonly status: number }>> = {
  AccessDeniedException: { code: "AuthorizationError", status: 403 },
  UnrecognizedClientException: { code: "InvalidClientTokenId", status: 403 },
  InternalServerError: { code: "InternalError", status: 500 },
};

function answer(status: number, name: string, content: XmlContent): ServiceResponse {
  const requestId = randomUUID();
  return {
    status,
    headers: { "content-type": "text/xml", "x-amzn-requestid": requestId },
    body: writeXml(name, content, namespace),
  };
}

/** The query protocol's answer to an operation. */
export function resultOf(operation: string, result: XmlContent): ServiceResponse {
  return answer(200, `${operation}Response`, [
    [`${operation}Result`, result],
    ["ResponseMetadata", [["RequestId", randomUUID()]]],
  ]);
}

export function errorResponse(error: AwsError): ServiceResponse {
  const { code, status } = snsCodes[error.code] ?? error;
  const members = [
    ["Type", status < 500 ? "Sender" : "Receiver"],
    ["Code", code],
    ["Message", error.message],
  ] as const;
  return answer(status, "ErrorResponse", [
    ["Error", members],
    ["RequestId", randomUUID()],
  ]);
}
