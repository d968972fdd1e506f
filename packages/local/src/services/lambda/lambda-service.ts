import { randomUUID } from "node:crypto";
import type { AwsService, ServiceRequest, ServiceResponse } from "../service.ts";
import { AwsError, account } from "../service.ts";
import type { AsyncInvocations } from "./async-invocations.ts";
import type { Lambda } from "./lambda.ts";

/** Statuses of errors that the front names alike for every service. */
const statusByCode: Readonly<Record<string, number>> = {
  AccessDeniedException: 403,
  UnrecognizedClientException: 403,
  MissingAuthenticationTokenException: 403,
};

export interface LambdaServiceOptions {
  readonly lambda: Lambda;
  /** Runs calls of the type `Event`. */
  readonly asyncInvocations: AsyncInvocations;
}

type InvocationType = "RequestResponse" | "Event" | "DryRun";

interface InvokeCall {
  readonly arn: string;
  readonly type: InvocationType;
  readonly wantsLogs: boolean;
}

/** Lambda's `Invoke` over HTTP: `POST /2015-03-31/functions/<name or ARN>/invocations`. */
export function createLambdaService(options: LambdaServiceOptions): AwsService {
  const { lambda, asyncInvocations } = options;

  async function invoke(request: ServiceRequest): Promise<ServiceResponse> {
    const call = parseInvoke(request);
    if (lambda.find(call.arn) === undefined) {
      throw new AwsError("ResourceNotFoundException", `Function not found: ${call.arn}`, 404);
    }
    if (call.type === "DryRun") return { status: 204, headers: {}, body: "" };
    const payload = readPayload(request.body);
    if (call.type === "Event") {
      void asyncInvocations.run(call.arn, payload);
      return { status: 202, headers: { "x-amzn-requestid": randomUUID() }, body: "" };
    }
    const result = await lambda.invoke(call.arn, payload);
    const headers: Record<string, string> = {
      "content-type": "application/json",
      "x-amzn-requestid": result.requestId,
      "x-amz-executed-version": "$LATEST",
    };
    if (result.functionError !== undefined) headers["x-amz-function-error"] = result.functionError;
    if (call.wantsLogs) headers["x-amz-log-result"] = Buffer.from(result.logTail).toString("base64");
    return { status: 200, headers, body: result.payload };
  }

  return {
    signingName: "lambda",
    needs(request) {
      return [{ action: "lambda:InvokeFunction", resource: parseInvoke(request).arn }];
    },
    handle: invoke,
    fail: errorResponse,
  };
}

const invokePath = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;

function parseInvoke(request: ServiceRequest): InvokeCall {
  const target = invokePath.exec(request.path)?.[1];
  if (target === undefined || request.method !== "POST") {
    const message = `The local world's Lambda has only Invoke, not ${request.method} ${request.path}`;
    throw new AwsError("NotImplementedException", message, 501);
  }
  const type = request.headers["x-amz-invocation-type"] ?? "RequestResponse";
  if (type !== "RequestResponse" && type !== "Event" && type !== "DryRun") {
    throw new AwsError("InvalidParameterValueException", `Unknown invocation type: ${type}`, 400);
  }
  const arn = functionArn(decodeURIComponent(target), request.region);
  return { arn, type, wantsLogs: request.headers["x-amz-log-type"] === "Tail" };
}

/** Accepts a name, `<account>:function:<name>` and a whole ARN; a version or alias behind it is not distinguished. */
function functionArn(target: string, region: string): string {
  const parts = target.split(":");
  const name = parts[0] === "arn" ? parts[6] : parts[1] === "function" ? parts[2] : parts[0];
  const arnRegion = parts[0] === "arn" ? parts[3] : region;
  if (arnRegion !== region) {
    const message = `Functions from '${arnRegion}' are not reachable in this region ('${region}')`;
    throw new AwsError("ResourceNotFoundException", message, 404);
  }
  return `arn:aws:lambda:${region}:${account}:function:${name ?? ""}`;
}

function readPayload(body: Buffer): string {
  if (body.length === 0) return "{}";
  const text = body.toString();
  try {
    JSON.parse(text);
  } catch {
    const message = "Could not parse request body into json: the payload is not valid JSON";
    throw new AwsError("InvalidRequestContentException", message, 400);
  }
  return text;
}

function errorResponse(error: AwsError): ServiceResponse {
  return {
    status: statusByCode[error.code] ?? error.status,
    headers: {
      "content-type": "application/json",
      "x-amzn-errortype": error.code,
      "x-amzn-requestid": randomUUID(),
    },
    body: JSON.stringify({ Type: "User", message: error.message, Message: error.message }),
  };
}
