import { bodyOf, jsonAnswers, operationOf } from "../json-protocol.ts";
import type { AuthorizationNeed, AwsService, ServiceRequest } from "../service.ts";
import { AwsError, account } from "../service.ts";
import { operations } from "./operations.ts";
import type { Queue } from "./queue.ts";
import type { Queues } from "./queues.ts";

const target = "AmazonSQS";
const answers = jsonAnswers("1.0", { InternalServerError: "InternalFailure" });

/** SQS over HTTP, by its JSON protocol. Queues come from the infrastructure: none are made or changed. */
export function createSqsService(queues: Queues): AwsService {
  function queueOf(request: ServiceRequest): Queue {
    const queue = queues.find(arnOf(request));
    if (queue !== undefined) return queue;
    throw new AwsError("QueueDoesNotExist", "The specified queue does not exist.");
  }

  async function perform(request: ServiceRequest): Promise<object> {
    const name = operationOf(request, target);
    if (name === "GetQueueUrl") return { QueueUrl: urlOf(queueOf(request), request) };
    if (name === "ListQueues") {
      const local = queues.list().filter(({ definition }) => definition.region === request.region);
      return { QueueUrls: local.map((queue) => urlOf(queue, request)) };
    }
    const operation = operations[name];
    if (operation !== undefined) return operation.run(queueOf(request), bodyOf(request));
    throw new AwsError("UnsupportedOperation", `The local world's SQS does not implement ${name}`);
  }

  return {
    signingName: "sqs",
    needs: (request) => needsOf(request, queues),
    handle: async (request) => answers.of(await perform(request)),
    fail: answers.ofError,
  };
}

/** Named, or by a URL whose last parts are account and name, wherever it leads. */
function arnOf(request: ServiceRequest): string {
  const { QueueUrl, QueueName } = bodyOf(request);
  const name = typeof QueueUrl === "string" ? QueueUrl.slice(QueueUrl.lastIndexOf("/") + 1) : QueueName;
  if (typeof name !== "string" || name === "")
    throw new AwsError("MissingParameter", "The request must contain the parameter QueueUrl.");
  return `arn:aws:sqs:${request.region}:${account}:${name}`;
}

/** Where this region's SQS answers: the SDK asks a queue at its URL, unless it has an endpoint of its own. */
function urlOf({ definition }: Queue, request: ServiceRequest): string {
  return `http://${request.headers["host"] ?? "127.0.0.1"}/${account}/${definition.name}`;
}

/** An encrypted queue asks who sends or receives for its key too. */
function needsOf(request: ServiceRequest, queues: Queues): readonly AuthorizationNeed[] {
  const name = operationOf(request, target);
  if (name === "ListQueues") return [{ action: "sqs:ListQueues", resource: "*" }];
  const arn = arnOf(request);
  const action = operations[name]?.action ?? name;
  const keyArn = queues.find(arn)?.definition.keyArn;
  const keyed = { SendMessage: ["GenerateDataKey", "Decrypt"], ReceiveMessage: ["Decrypt"] }[action] ?? [];
  return [
    { action: `sqs:${action}`, resource: arn },
    ...(keyArn === undefined ? [] : keyed.map((one) => ({ action: `kms:${one}`, resource: keyArn }))),
  ];
}
