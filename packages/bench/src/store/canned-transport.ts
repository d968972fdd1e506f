/**
 * Stands in for `@smithy/node-http-handler` in the bundles whose warm calls are measured: the SDK does all of its work
 * (serialising, signing, retrying, reading), and no socket is between it and the store's canned answers.
 */
import { type CannedAnswers, cannedAnswer } from "./canned-answer.ts";

interface SdkRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

const answers = JSON.parse(process.env["BENCH_CANNED_ANSWERS"] ?? "{}") as CannedAnswers;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class NodeHttpHandler {
  readonly metadata = { handlerProtocol: "http/1.1" };

  static create(): NodeHttpHandler {
    return new NodeHttpHandler();
  }

  async handle({ headers, body = "" }: SdkRequest) {
    const text = typeof body === "string" ? body : decoder.decode(body);
    const answer = cannedAnswer(answers, headers["x-amz-target"] ?? "", text);
    return {
      response: {
        statusCode: 200,
        headers: { "content-type": "application/x-amz-json-1.0" },
        body: encoder.encode(answer),
      },
    };
  }

  updateHttpClientConfig(): void {}

  httpHandlerConfigs(): object {
    return {};
  }

  destroy(): void {}
}

/** The SDK reads an answer's body by this; here it is in memory already. */
export async function streamCollector(body: Uint8Array): Promise<Uint8Array> {
  return body;
}
