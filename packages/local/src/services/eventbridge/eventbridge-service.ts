import { bodyOf, jsonAnswers, operationOf } from "../json-protocol.ts";
import type { AuthorizationNeed, AwsService, ServiceRequest } from "../service.ts";
import { AwsError, account } from "../service.ts";
import type { Buses } from "./buses.ts";
import { entriesMax, entryBytes, readEntry, requestBytesMax } from "./put-events.ts";

type Entry = Readonly<Record<string, unknown>>;

const target = "AWSEvents";
const answers = jsonAnswers("1.1", { InternalServerError: "InternalException" });

/** EventBridge over HTTP: `PutEvents` only. Buses, rules and targets come from the infrastructure. */
export function createEventBridgeService(buses: Buses): AwsService {
  function putEvents(request: ServiceRequest) {
    const entries = entriesOf(request);
    checkEntries(entries);
    const results = entries.map((entry) => putEntry(entry, request.region));
    const FailedEntryCount = results.filter((result) => "ErrorCode" in result).length;
    return { FailedEntryCount, Entries: results };
  }

  function putEntry(entry: Entry, region: string) {
    const event = readEntry(entry);
    if (!event.ok) return { ErrorCode: event.error.code, ErrorMessage: event.error.message };
    const busArn = busArnOf(entry, region);
    if (buses.has(busArn)) return { EventId: buses.put(busArn, event.value) };
    return { ErrorCode: "InvalidArgument", ErrorMessage: `Event bus ${busArn} does not exist.` };
  }

  return {
    signingName: "events",
    needs: needsOf,
    async handle(request) {
      const operation = operationOf(request, target);
      if (operation === "PutEvents") return answers.of(putEvents(request));
      const message = `The local world's EventBridge does not implement ${operation}`;
      throw new AwsError("UnknownOperationException", message);
    },
    fail: answers.ofError,
  };
}

function entriesOf(request: ServiceRequest): readonly Entry[] {
  const { Entries } = bodyOf(request);
  if (!Array.isArray(Entries)) return [];
  return Entries.filter((entry): entry is Entry => typeof entry === "object" && entry !== null);
}

/** A bus is named, or given as its ARN; `default` when it is not said. */
function busArnOf({ EventBusName = "default" }: Entry, region: string): string {
  const name = String(EventBusName);
  return name.startsWith("arn:") ? name : `arn:aws:events:${region}:${account}:event-bus/${name}`;
}

function needsOf(request: ServiceRequest): readonly AuthorizationNeed[] {
  const operation = operationOf(request, target);
  if (operation !== "PutEvents") return [{ action: `events:${operation}`, resource: "*" }];
  return entriesOf(request).map((entry) => ({
    action: "events:PutEvents",
    resource: busArnOf(entry, request.region),
    context: {
      "events:source": [String(entry["Source"] ?? "")],
      "events:detail-type": [String(entry["DetailType"] ?? "")],
      "events:eventBusInvocation": ["false"],
    },
  }));
}

function checkEntries(entries: readonly Entry[]): void {
  const refuse = (message: string) => new AwsError("ValidationException", message);
  const constraint =
    "1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length";
  if (entries.length === 0) throw refuse(`${constraint} greater than or equal to 1`);
  if (entries.length > entriesMax) throw refuse(`${constraint} less than or equal to ${entriesMax}`);
  const bytes = entries.reduce((sum, entry) => sum + entryBytes(entry), 0);
  if (bytes > requestBytesMax)
    throw refuse(`Total size of the entries in the request is over the limit: ${bytes} > ${requestBytesMax}`);
}
