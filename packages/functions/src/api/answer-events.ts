import type { Hono } from "hono";
import type { LambdaContext, LambdaEvent } from "hono/aws-lambda";
import { handle } from "hono/aws-lambda";
import type { ApiDeps } from "./deps.ts";
import { headersOfEveryAnswer } from "./every-answer.ts";
import { problemResponse } from "./problems.ts";
import { requestIdOf } from "./request-id.ts";

interface LambdaAnswer {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/** An app as API Gateway calls it. */
export function answerEvents<Env extends { Variables: object }>(
  app: Hono<Env>,
  deps: Pick<ApiDeps, "deployment" | "clock" | "randomness">,
) {
  const invoke = handle(app);

  /** For an event that is no request (a GET with a body, an unknown method), which the adapter answers in plain text. */
  async function refuse(event: LambdaEvent): Promise<LambdaAnswer> {
    const requestId = requestIdOf(event, deps);
    const problem = { name: "malformed-request", detail: "This is not a request that HTTP allows." } as const;
    const response = problemResponse(problem, requestId);
    const headers = {
      ...Object.fromEntries(response.headers),
      ...headersOfEveryAnswer(deps.deployment, requestId),
    };
    const lowerCase = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
    );
    return {
      statusCode: response.status,
      headers: lowerCase,
      body: await response.text(),
      isBase64Encoded: false,
    };
  }

  return async (event: LambdaEvent, context?: LambdaContext): Promise<LambdaAnswer> => {
    const answer: LambdaAnswer = await invoke(event, context);
    return answer.headers?.["served-by"] === undefined ? refuse(event) : answer;
  };
}
