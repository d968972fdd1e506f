/** What CloudWatch's changes of alarms look like when they arrive: the documented forms, with all that nobody reads. */
export interface ChangedAlarm {
  readonly region?: string;
  readonly name?: string;
  readonly value?: "OK" | "ALARM" | "INSUFFICIENT_DATA";
  readonly reason?: string;
  readonly at?: string;
}

const reasonOf = {
  ALARM:
    "Threshold Crossed: 2 out of the last 3 datapoints [12.5 (02/10/26 17:02:00), 11.0 (02/10/26 17:01:00)] were greater than the threshold (5.0) (minimum 2 datapoints for OK -> ALARM transition).",
  OK: "Threshold Crossed: 2 out of the last 3 datapoints [0.0 (02/10/26 17:02:00)] were not greater than the threshold (5.0) (minimum 2 datapoints for ALARM -> OK transition).",
  INSUFFICIENT_DATA: "Unchecked: Initial alarm creation",
};

function complete({
  region = "eu-west-1",
  name = `antipode-test-${region}-ApiErrors`,
  value = "ALARM",
  reason = reasonOf[value],
  at = "2026-10-02T17:04:40.985+0000",
}: ChangedAlarm) {
  return { region, value, reason, at, name, arn: `arn:aws:cloudwatch:${region}:111122223333:alarm:${name}` };
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html */
export function busEvent(changed: ChangedAlarm = {}) {
  const { region, value, reason, at, name, arn } = complete(changed);
  return {
    version: "0",
    id: "c4c1c1c9-6542-e61b-6ef0-8c4d36933a92",
    "detail-type": "CloudWatch Alarm State Change",
    source: "aws.cloudwatch",
    account: "111122223333",
    time: "2026-10-02T17:04:40Z",
    region,
    resources: [arn],
    detail: {
      alarmName: name,
      configuration: {
        description: "One request in twenty fails.",
        metrics: [
          { id: "rate", expression: "IF(requests >= 50, 100 * errors / requests, 0)", returnData: true },
        ],
      },
      previousState: { reason: reasonOf.OK, timestamp: "2026-10-02T16:04:40.985+0000", value: "OK" },
      state: {
        reason,
        reasonData:
          '{"version":"1.0","queryDate":"2026-10-02T17:04:40.985+0000","startDate":"2026-10-02T17:01:00.000+0000","period":60,"recentDatapoints":[11.0,12.5],"threshold":5.0}',
        timestamp: at,
        value,
      },
    },
  };
}

export function alarmMessage(changed: ChangedAlarm = {}) {
  const { region, value, reason, at, name, arn } = complete(changed);
  return {
    AlarmName: name,
    AlarmDescription: "One request in twenty fails.",
    AWSAccountId: "111122223333",
    AlarmConfigurationUpdatedTimestamp: "2026-09-30T10:00:00.000+0000",
    NewStateValue: value,
    NewStateReason: reason,
    StateChangeTime: at,
    Region: "EU (Ireland)",
    AlarmArn: arn,
    OldStateValue: "OK",
    OKActions: [`arn:aws:sns:${region}:111122223333:antipode-test-${region}-Recovery`],
    AlarmActions: [`arn:aws:sns:${region}:111122223333:antipode-test-${region}-Failover`],
    InsufficientDataActions: [],
    Trigger: {
      Period: 60,
      EvaluationPeriods: 3,
      DatapointsToAlarm: 2,
      Threshold: 5,
      TreatMissingData: "notBreaching",
    },
  };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html */
export function topicEvent(...messages: readonly string[]) {
  return {
    Records: messages.map((Message, at) => ({
      EventVersion: "1.0",
      EventSubscriptionArn:
        "arn:aws:sns:us-east-1:111122223333:Failover:21be56ed-a058-49f5-8c98-aedd2564c486",
      EventSource: "aws:sns",
      Sns: {
        SignatureVersion: "1",
        Timestamp: "2026-10-02T17:04:41.012Z",
        Signature: "tcc6faL2yUC6dgZdmrwh1Y4cGa/ebXEkAi6RibDsvpi+tE/1+82j...65r==",
        SigningCertUrl:
          "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-ac565b8b1a6c5d002d285f9598aa1d9b.pem",
        MessageId: `95df01b4-ee98-5cb9-9903-4c221d41eb${String(at).padStart(2, "0")}`,
        Message,
        MessageAttributes: {},
        Type: "Notification",
        UnsubscribeUrl: "https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe",
        TopicArn: "arn:aws:sns:us-east-1:111122223333:antipode-test-us-east-1-Failover",
        Subject: "ALARM",
      },
    })),
  };
}

export const topicAlarm = (changed: ChangedAlarm = {}) => topicEvent(JSON.stringify(alarmMessage(changed)));
