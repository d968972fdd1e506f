import { AwsError } from "../service.ts";
import type { MessageAttribute, OutgoingMessage } from "./definition.ts";

/** Body and attributes of a message, and of all messages of a batch together. */
export const messageBytesMax = 262_144;
const subjectLengthMax = 100;

/** The members of one structure of a query request: `PublishBatchRequestEntries.member.2.Message` → `Message`. */
export type Members = ReadonlyMap<string, string>;

export function invalid(message: string): AwsError {
  return new AwsError("InvalidParameter", `Invalid parameter: ${message}`, 400);
}

/** What `Publish` or one entry of `PublishBatch` asks for. Throws `InvalidParameter`. */
export function readMessage(members: Members): OutgoingMessage {
  const message = members.get("Message") ?? "";
  if (message === "") throw invalid("Empty message");
  const subject = members.get("Subject");
  if (subject !== undefined && !isSubject(subject)) throw invalid("Subject");
  const attributes = readAttributes(members);
  if (bytesOf(message, attributes) > messageBytesMax) throw invalid("Message too long");
  const structure = members.get("MessageStructure");
  if (structure !== undefined && structure !== "json") throw invalid("MessageStructure");
  return {
    ...(structure === "json" ? readStructure(message) : { message }),
    ...(subject === undefined ? {} : { subject }),
    ...(Object.keys(attributes).length > 0 ? { attributes } : {}),
  };
}

/** No line breaks nor control characters, and it does not begin with a blank. */
function isSubject(subject: string): boolean {
  return subject.length <= subjectLengthMax && /^[^\s\p{Cc}][^\p{Cc}]*$/u.test(subject);
}

function readStructure(text: string): Pick<OutgoingMessage, "message" | "messageByProtocol"> {
  const refuse = (why: string) => invalid(`Message Structure - ${why}`);
  let texts: unknown;
  try {
    texts = JSON.parse(text);
  } catch {
    throw refuse("JSON message body failed to parse");
  }
  if (typeof texts !== "object" || texts === null || Array.isArray(texts))
    throw refuse("JSON message body failed to parse");
  const messageByProtocol = Object.fromEntries(
    Object.entries(texts).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
  const { default: message } = messageByProtocol;
  if (message === undefined) throw refuse("No default entry in JSON message body");
  return { message, messageByProtocol };
}

const attributeName = /^(?!\.)(?!.*\.\.)[\w.-]{1,256}(?<!\.)$/;
const attributeType = /^(String|Number|Binary|String\.Array)(\..+)?$/;

function readAttributes(members: Members): Record<string, MessageAttribute> {
  const attributes: Record<string, MessageAttribute> = {};
  for (const entry of structures(members, "MessageAttributes.entry")) {
    const name = entry.get("Name") ?? "";
    const dataType = entry.get("Value.DataType") ?? "";
    const value = entry.get("Value.StringValue") ?? entry.get("Value.BinaryValue");
    const refuse = (why: string) =>
      new AwsError("ParameterValueInvalid", `The message attribute '${name}' ${why}`, 400);
    if (!attributeName.test(name)) throw refuse("has no valid name");
    if (!attributeType.test(dataType)) throw refuse(`has an invalid message attribute type '${dataType}'`);
    if (value === undefined || value === "") throw refuse("must contain a non-empty value");
    if (dataType.startsWith("Number") && !Number.isFinite(Number(value))) throw refuse("is no number");
    attributes[name] = { dataType, value };
  }
  return attributes;
}

function bytesOf(message: string, attributes: Readonly<Record<string, MessageAttribute>>): number {
  return Object.entries(attributes).reduce(
    (sum, [name, { dataType, value }]) => sum + Buffer.byteLength(name + dataType + value),
    Buffer.byteLength(message),
  );
}

/** All of a message, for the limit of a batch. */
export function messageBytes(members: Members): number {
  return bytesOf(members.get("Message") ?? "", readAttributes(members));
}

/** A list of the query protocol, in order: `<name>.1.<member>`, `<name>.2.<member>` … */
export function structures(members: Members, name: string): readonly Members[] {
  const byNumber = new Map<number, Map<string, string>>();
  for (const [key, value] of members) {
    if (!key.startsWith(`${name}.`)) continue;
    const [, number = "", member = ""] = /^(\d+)\.(.+)$/.exec(key.slice(name.length + 1)) ?? [];
    if (member === "") continue;
    const one = byNumber.get(Number(number)) ?? new Map<string, string>();
    byNumber.set(Number(number), one.set(member, value));
  }
  return [...byNumber].sort(([a], [b]) => a - b).map(([, one]) => one);
}
