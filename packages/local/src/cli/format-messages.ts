import type { PublishedMessage } from "../world/status.ts";

/** Every message as a person would have got it; an alarm's document is for programs, and its subject says it all. */
export function formatMessages(messages: readonly PublishedMessage[]): string {
  if (messages.length === 0) return "nobody has been told anything";
  return messages.flatMap(lines).join("\n");
}

function lines({ at, region, topic, subject, message }: PublishedMessage): readonly string[] {
  const head = `${at}  ${region} ${topic}`;
  const text = isDocument(message) ? [] : message.trimEnd().split("\n");
  return [
    subject === undefined ? head : `${head}  ${subject}`,
    ...text.map((line) => `    ${line}`.trimEnd()),
  ];
}

function isDocument(message: string): boolean {
  try {
    return typeof JSON.parse(message) === "object";
  } catch {
    return false;
  }
}
