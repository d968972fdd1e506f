import * as z from "zod";
import {
  type AuthorizationNeed,
  AwsError,
  type AwsService,
  account,
  type ServiceRequest,
} from "../service.ts";
import { describeAlarmHistory, describeAlarms, setAlarmState } from "./alarms-api.ts";
import type { CloudWatch } from "./cloudwatch.ts";
import { getMetricData, getMetricStatistics, listMetrics, putMetricData } from "./metrics-api.ts";
import { errorAnswer, inputOf, operationOf } from "./wire.ts";

const operations = {
  DescribeAlarms: describeAlarms,
  DescribeAlarmHistory: describeAlarmHistory,
  SetAlarmState: setAlarmState,
  GetMetricData: getMetricData,
  GetMetricStatistics: getMetricStatistics,
  ListMetrics: listMetrics,
  PutMetricData: putMetricData,
} as const;

/** Operations that would change alarms rather than their states. */
const controlPlane = /^(Put|Delete|Enable|Disable|Tag|Untag|Start|Stop|Mute)/;

/** CloudWatch of each region, over HTTP. */
export function createCloudWatchService(cloudWatch: CloudWatch): AwsService {
  return {
    signingName: "monitoring",
    needs: needsOf,
    async handle(request) {
      try {
        return operations[requiredOperation(request)](request, cloudWatch);
      } catch (error) {
        if (error instanceof AwsError) return errorAnswer(error);
        throw error;
      }
    },
    fail: errorAnswer,
  };
}

function requiredOperation(request: ServiceRequest): keyof typeof operations {
  const named = operationOf(request) ?? "";
  if (Object.hasOwn(operations, named)) return named as keyof typeof operations;
  if (controlPlane.test(named)) {
    const message = `${named} is not allowed here: alarms come from the infrastructure, change them there`;
    throw new AwsError("AccessDenied", message, 403);
  }
  const what = named === "" ? "a request that names no operation" : named;
  throw new AwsError("InvalidAction", `The local CloudWatch does not offer ${what}`);
}

const alarmInput = z.object({ AlarmName: z.string().optional() });
const namespaceInput = z.object({ Namespace: z.string() });

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html */
function needsOf(request: ServiceRequest): readonly AuthorizationNeed[] {
  const operation = requiredOperation(request);
  const action = `cloudwatch:${operation}`;
  const alarmArn = (name: string) => `arn:aws:cloudwatch:${request.region}:${account}:alarm:${name}`;
  switch (operation) {
    case "SetAlarmState":
    case "DescribeAlarmHistory":
      return [{ action, resource: alarmArn(inputOf(request, alarmInput).AlarmName ?? "*") }];
    case "DescribeAlarms":
      return [{ action, resource: alarmArn("*") }];
    case "PutMetricData": {
      const context = { "cloudwatch:namespace": [inputOf(request, namespaceInput).Namespace] };
      return [{ action, resource: "*", context }];
    }
    default:
      return [{ action, resource: "*" }];
  }
}
