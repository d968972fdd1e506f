import type { QueueMessage } from "../sqs/definition.ts";
import type { SubscriptionDefinition, TopicMessage } from "./definition.ts";

/** Messages are not signed here: nobody can take this for a signature. */
const signature = { SignatureVersion: "1", Signature: "messages-are-not-signed-in-the-local-world" };

function urls({ arn, topicArn }: SubscriptionDefinition) {
  const host = `https://sns.${topicArn.split(":")[3]}.amazonaws.com`;
  return {
    certificate: `${host}/SimpleNotificationService-0000000000000000000000000000000000.pem`,
    unsubscribe: `${host}/?Action=Unsubscribe&SubscriptionArn=${arn}`,
  };
}

export function textFor({ messageByProtocol, message }: TopicMessage, protocol: string): string {
  return messageByProtocol?.[protocol] ?? message;
}

function attributesOf({ attributes = {} }: TopicMessage) {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { dataType, value }]) => [name, { Type: dataType, Value: value }]),
  );
}

/** What a function gets, JSON text: https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html */
export function functionEvent(subscription: SubscriptionDefinition, message: TopicMessage): string {
  const { certificate, unsubscribe } = urls(subscription);
  const sns = {
    Type: "Notification",
    MessageId: message.id,
    TopicArn: message.topicArn,
    Subject: message.subject ?? null,
    Message: textFor(message, "lambda"),
    Timestamp: new Date(message.atMs).toISOString(),
    ...signature,
    SigningCertUrl: certificate,
    UnsubscribeUrl: unsubscribe,
    MessageAttributes: attributesOf(message),
  };
  const record = { EventSource: "aws:sns", EventVersion: "1.0", EventSubscriptionArn: subscription.arn };
  return JSON.stringify({ Records: [{ ...record, Sns: sns }] });
}

/** The document that a queue gets: https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html */
export function notification(subscription: SubscriptionDefinition, message: TopicMessage): string {
  const { certificate, unsubscribe } = urls(subscription);
  const { subject, attributes = {} } = message;
  return JSON.stringify({
    Type: "Notification",
    MessageId: message.id,
    TopicArn: message.topicArn,
    ...(subject === undefined ? {} : { Subject: subject }),
    Message: textFor(message, subscription.protocol),
    Timestamp: new Date(message.atMs).toISOString(),
    ...signature,
    SigningCertURL: certificate,
    UnsubscribeURL: unsubscribe,
    ...(Object.keys(attributes).length > 0 ? { MessageAttributes: attributesOf(message) } : {}),
  });
}

/** What a subscribed queue gets: the message itself with its attributes, or SNS's document about it. */
export function queueMessage(subscription: SubscriptionDefinition, message: TopicMessage): QueueMessage {
  if (!subscription.raw) return { body: notification(subscription, message) };
  return { body: textFor(message, "sqs"), ...(message.attributes ? { attributes: message.attributes } : {}) };
}
