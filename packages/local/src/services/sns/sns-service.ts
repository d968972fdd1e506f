import type { XmlContent } from "../route53/xml.ts";
import type { AuthorizationNeed, AwsService, ServiceRequest, ServiceResponse } from "../service.ts";
import { AwsError } from "../service.ts";
import {
  invalid,
  type Members,
  messageBytes,
  messageBytesMax,
  readMessage,
  structures,
} from "./publish-input.ts";
import type { Topics } from "./topics.ts";
import { errorResponse, resultOf } from "./wire.ts";

const batchMax = 10;

/** SNS over HTTP, by the query protocol: publishing only. Topics and subscriptions come from the infrastructure. */
export function createSnsService(topics: Topics): AwsService {
  function topicArnOf(members: Members, region: string): string {
    const arn = members.get("TopicArn") ?? members.get("TargetArn");
    if (arn === undefined) throw invalid("TopicArn or TargetArn Reason: no value for required parameter");
    if (arn.split(":")[2] !== "sns" || arn.split(":").length !== 6) throw invalid("TopicArn");
    if (arn.split(":")[3] !== region) throw invalid("TopicArn"); // a topic is asked in its own region
    return arn;
  }

  function publish(members: Members, region: string): ServiceResponse {
    const topicArn = topicArnOf(members, region);
    const id = topics.publish(topicArn, readMessage(members));
    return resultOf("Publish", [["MessageId", id]]);
  }

  function publishBatch(members: Members, region: string): ServiceResponse {
    const topicArn = topicArnOf(members, region);
    const entries = structures(members, "PublishBatchRequestEntries.member");
    checkBatch(entries);
    if (topics.find(topicArn) === undefined) throw new AwsError("NotFound", "Topic does not exist", 404);
    const outcomes = entries.map((entry) => publishEntry(topicArn, entry));
    return resultOf("PublishBatch", [
      ["Successful", outcomes.flatMap(({ successful }) => successful)],
      ["Failed", outcomes.flatMap(({ failed }) => failed)],
    ]);
  }

  function publishEntry(topicArn: string, entry: Members): Record<"successful" | "failed", Outcome[]> {
    const id = ["Id", entry.get("Id")] as const;
    try {
      const messageId = topics.publish(topicArn, readMessage(entry));
      return { successful: [["member", [id, ["MessageId", messageId]]]], failed: [] };
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const { code, message } = error;
      const members = [id, ["Code", code], ["Message", message], ["SenderFault", true]] as const;
      return { successful: [], failed: [["member", members]] };
    }
  }

  return {
    signingName: "sns",
    needs: (request) => needsOf(request, topics),
    async handle(request) {
      const members = membersOf(request);
      switch (members.get("Action")) {
        case "Publish":
          return publish(members, request.region);
        case "PublishBatch":
          return publishBatch(members, request.region);
        default: {
          const message = `The local world's SNS does not implement ${members.get("Action")}`;
          throw new AwsError("InvalidAction", message, 400);
        }
      }
    },
    fail: errorResponse,
  };
}

type Outcome = readonly [string, XmlContent];

function membersOf({ body }: ServiceRequest): Members {
  return new Map(new URLSearchParams(body.toString("utf8")));
}

/** Both kinds of publishing need one right; an encrypted topic asks its caller for the key too. */
function needsOf(request: ServiceRequest, topics: Topics): readonly AuthorizationNeed[] {
  const members = membersOf(request);
  const action = members.get("Action") ?? "";
  const arn = members.get("TopicArn") ?? members.get("TargetArn") ?? "*";
  if (action !== "Publish" && action !== "PublishBatch") return [{ action: `sns:${action}`, resource: arn }];
  const keyArn = topics.find(arn)?.keyArn;
  const keyed = ["kms:GenerateDataKey", "kms:Decrypt"];
  return [
    { action: "sns:Publish", resource: arn },
    ...(keyArn === undefined ? [] : keyed.map((one) => ({ action: one, resource: keyArn }))),
  ];
}

function checkBatch(entries: readonly Members[]): void {
  const refuse = (code: string, message: string) => new AwsError(code, message, 400);
  if (entries.length === 0)
    throw refuse("EmptyBatchRequest", "The batch request doesn't contain any entries.");
  if (entries.length > batchMax)
    throw refuse("TooManyEntriesInBatchRequest", `The batch request contains more than ${batchMax} entries.`);
  const ids = entries.map((entry) => entry.get("Id") ?? "");
  if (ids.some((id) => !/^[\w-]{1,80}$/.test(id)))
    throw refuse(
      "InvalidBatchEntryId",
      "The Id of a batch entry in a batch request doesn't abide by the specification.",
    );
  if (new Set(ids).size < ids.length)
    throw refuse("BatchEntryIdsNotDistinct", "Two or more batch entries in the request have the same Id.");
  if (entries.reduce((sum, entry) => sum + messageBytes(entry), 0) > messageBytesMax)
    throw refuse(
      "BatchRequestTooLong",
      "The length of all the batch messages put together is more than the limit.",
    );
}
