import { Buffer } from "node:buffer";
import { Agent, request } from "node:http";
import { AwsError } from "../../services/service.ts";
import type { JsonObject } from "../engine.ts";

/** Calls one operation in one region. Rejects with `AwsError` for errors that the engine answers. */
export interface DynamoDBLocalCaller {
  call(region: string, operation: string, body: JsonObject): Promise<JsonObject>;
  close(): void;
}

function awsError(status: number, body: JsonObject): AwsError {
  const { __type, message, Message, ...members } = body;
  const code = String(__type).split("#").at(-1) ?? "InternalServerError";
  return new AwsError(code, String(message ?? Message ?? ""), status, members);
}

/**
 * Talks to a DynamoDB Local process. It keeps regions apart by the region in the credential scope, and tables by the
 * access key; it checks no signature.
 */
export function createCaller(endpoint: string): DynamoDBLocalCaller {
  const agent = new Agent({ keepAlive: true, maxSockets: 32 });
  return {
    call: (region, operation, body) =>
      new Promise((resolve, reject) => {
        const text = Buffer.from(JSON.stringify(body));
        const outgoing = request(
          endpoint,
          {
            method: "POST",
            agent,
            headers: {
              "content-type": "application/x-amz-json-1.0",
              "content-length": text.length,
              "x-amz-target": `DynamoDB_20120810.${operation}`,
              authorization: `AWS4-HMAC-SHA256 Credential=ANTIPODE/20260101/${region}/dynamodb/aws4_request, SignedHeaders=host, Signature=0`,
            },
          },
          (response) => {
            const chunks: Buffer[] = [];
            response.on("data", (chunk: Buffer) => chunks.push(chunk));
            response.on("error", reject);
            response.on("end", () => {
              const status = response.statusCode ?? 500;
              try {
                const answer = JSON.parse(Buffer.concat(chunks).toString("utf8") || "{}") as JsonObject;
                if (status === 200) resolve(answer);
                else reject(awsError(status, answer));
              } catch (error) {
                reject(error);
              }
            });
          },
        );
        outgoing.on("error", reject);
        outgoing.end(text);
      }),
    close: () => agent.destroy(),
  };
}
