import type { Hono } from "hono";
import { eventToRequest, type HttpEvent, type NotARequest } from "../platform/web/event-request.ts";
import type { ApiDeps } from "./deps.ts";
import { headersOfEveryAnswer } from "./every-answer.ts";
import { problemResponse } from "./problems.ts";
import { requestIdOf } from "./request-id.ts";

export interface LambdaAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/** Content that goes through API Gateway as text; other content goes in Base64. */
const textType = /^text\/(?:plain|html|css|javascript|csv)|[/+](?:json|xml)\s*(?:;|$)/i;

function isBinary(headers: Headers): boolean {
  const type = headers.get("content-type");
  return headers.has("content-encoding") || (type !== null && !textType.test(type));
}

async function responseToAnswer(response: Response): Promise<LambdaAnswer> {
  const { status: statusCode, headers } = response;
  const isBase64Encoded = isBinary(headers);
  return {
    statusCode,
    headers: Object.fromEntries(headers),
    body: isBase64Encoded
      ? Buffer.from(await response.arrayBuffer()).toString("base64")
      : await response.text(),
    isBase64Encoded,
  };
}

/** An app as API Gateway calls it. */
export function answerEvents<Env extends { Variables: object }>(
  app: Hono<Env>,
  deps: Pick<ApiDeps, "deployment" | "clock" | "randomness" | "log">,
) {
  function refuse(event: HttpEvent, { reason }: NotARequest): Response {
    const requestId = requestIdOf(event, deps);
    deps.log.info("refused", { requestId, reason });
    const detail = "This is not a request that HTTP allows.";
    const response = problemResponse({ name: "malformed-request", detail }, requestId);
    for (const [name, value] of Object.entries(headersOfEveryAnswer(deps.deployment, requestId))) {
      response.headers.set(name, value);
    }
    return response;
  }

  return async (event: HttpEvent): Promise<LambdaAnswer> => {
    const request = eventToRequest(event);
    const response = request.ok
      ? await app.fetch(request.value, { requestContext: event.requestContext })
      : refuse(event, request.error);
    return responseToAnswer(response);
  };
}
