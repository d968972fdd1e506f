import type { ResourceModel, ResourceModels } from "./model.ts";
import { apigatewayv2Models } from "./services/apigatewayv2.ts";
import { cloudfrontModels } from "./services/cloudfront.ts";
import { cloudwatchModels } from "./services/cloudwatch.ts";
import { dnsModels } from "./services/dns.ts";
import { dynamodbModels } from "./services/dynamodb.ts";
import { dynamicModels, generatedModels } from "./services/generated.ts";
import { iamModels } from "./services/iam.ts";
import { kmsModels } from "./services/kms.ts";
import { lambdaModels } from "./services/lambda.ts";
import { messagingModels } from "./services/messaging.ts";
import { s3Models } from "./services/s3.ts";
import { ssmModels } from "./services/ssm.ts";

const models: ResourceModels = {
  ...apigatewayv2Models,
  ...cloudfrontModels,
  ...cloudwatchModels,
  ...dnsModels,
  ...dynamodbModels,
  ...generatedModels,
  ...iamModels,
  ...kmsModels,
  ...lambdaModels,
  ...messagingModels,
  ...s3Models,
  ...ssmModels,
};

const dynamicType = "pulumi-nodejs:dynamic:Resource";

/** The model of a resource, or undefined when nobody has described its type yet. */
export function modelOf(type: string, name: string): ResourceModel | undefined {
  if (type !== dynamicType) {
    return Object.hasOwn(models, type) ? models[type] : undefined;
  }
  return Object.entries(dynamicModels).find(([suffix]) => name.endsWith(suffix))?.[1];
}
