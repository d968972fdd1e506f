import { err, ok, type Result } from "@antipode/core";
import { type EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import type { Announce } from "../failover/ports.ts";
import type { TellFunctions } from "../prober/tell-functions.ts";
import { reasonOf } from "./reason.ts";

/** SNS takes so many characters of a subject. */
const subjectCharsMax = 100;

/** ms for one announcement, with every attempt of the SDK. */
const announceWithinMs = 5_000;

/** ms for what a round of the prober says; the next round says it again. */
const tellWithinMs = 1_000;

export interface AnnounceOptions {
  readonly sns: SNSClient;
  readonly events: EventBridgeClient;
  /** People's topic. */
  readonly topicArn: string;
}

export function createAnnounce({ sns, events, topicArn }: AnnounceOptions): Announce {
  return {
    async tellPeople({ subject, text }) {
      const Subject = subject.slice(0, subjectCharsMax);
      try {
        await sns.send(new PublishCommand({ TopicArn: topicArn, Subject, Message: text }), {
          abortSignal: AbortSignal.timeout(announceWithinMs),
        });
        return ok(undefined);
      } catch (error) {
        return err(reasonOf(error));
      }
    },

    async tellSystems({ detailType, detail }) {
      const entry = { Source: "antipode", DetailType: detailType, Detail: JSON.stringify(detail) };
      try {
        const answer = await events.send(new PutEventsCommand({ Entries: [entry] }), {
          abortSignal: AbortSignal.timeout(announceWithinMs),
        });
        const [refused] = (answer.Entries ?? []).filter(({ ErrorCode }) => ErrorCode !== undefined);
        return refused === undefined
          ? ok(undefined)
          : err(`${refused.ErrorCode}: ${refused.ErrorMessage ?? "no reason"}`);
      } catch (error) {
        return err(reasonOf(error));
      }
    },
  };
}

export interface TellOptions {
  readonly sns: SNSClient;
  readonly topicArns: Readonly<Record<Parameters<TellFunctions>[0], string>>;
}

export function createTellFunctions({ sns, topicArns }: TellOptions): TellFunctions {
  return async (kind, news): Promise<Result<undefined, string>> => {
    const command = new PublishCommand({ TopicArn: topicArns[kind], Message: JSON.stringify(news) });
    try {
      await sns.send(command, { abortSignal: AbortSignal.timeout(tellWithinMs) });
      return ok(undefined);
    } catch (error) {
      return err(reasonOf(error));
    }
  };
}
