import { isJsonObject } from "../../monitor/plain.ts";
import type { ResourceModels } from "../model.ts";

export const apigatewayv2Models: ResourceModels = {
  "aws:apigatewayv2/api:Api": {
    outputs: (context) => {
      const id = context.digest(10);
      return {
        id,
        name: context.auto("name"),
        arn: context.arn("apigateway", `/apis/${id}`, { account: "" }),
        apiEndpoint: `https://${id}.execute-api.${context.region}.amazonaws.com`,
        executionArn: context.arn("execute-api", id),
      };
    },
    inputs: ["name", "protocolType", "corsConfiguration", "disableExecuteApiEndpoint", "tags"],
    wiring: ["apiEndpoint", "executionArn"],
  },
  "aws:apigatewayv2/stage:Stage": {
    outputs: (context) => {
      const name = context.auto("name");
      const api = context.given("apiId") ?? "";
      const arn = context.arn("apigateway", `/apis/${api}/stages/${name}`, { account: "" });
      const host = `https://${api}.execute-api.${context.region}.amazonaws.com`;
      return { id: name, name, arn, invokeUrl: name === "$default" ? `${host}/` : `${host}/${name}` };
    },
    inputs: ["name", "apiId", "autoDeploy", "accessLogSettings", "defaultRouteSettings", "routeSettings"],
    wiring: ["invokeUrl"],
  },
  "aws:apigatewayv2/route:Route": {
    outputs: (context) => ({ id: context.digest(7) }),
    inputs: ["apiId", "routeKey", "target", "authorizationType", "authorizerId", "authorizationScopes"],
  },
  "aws:apigatewayv2/integration:Integration": {
    outputs: (context) => ({ id: context.digest(7) }),
    inputs: [
      "apiId",
      "integrationType",
      "integrationUri",
      "integrationMethod",
      "payloadFormatVersion",
      "timeoutMilliseconds",
    ],
  },
  "aws:apigatewayv2/authorizer:Authorizer": {
    outputs: (context) => ({ id: context.digest(6), name: context.auto("name") }),
    inputs: [
      "apiId",
      "authorizerType",
      "name",
      "authorizerUri",
      "identitySources",
      "jwtConfiguration",
      "enableSimpleResponses",
    ],
  },
  "aws:apigatewayv2/domainName:DomainName": {
    outputs: (context) => {
      const domainName = context.given("domainName") ?? "";
      const given = context.inputs["domainNameConfiguration"];
      return {
        id: domainName,
        arn: context.arn("apigateway", `/domainnames/${domainName}`, { account: "" }),
        domainName,
        domainNameConfiguration: {
          ...(isJsonObject(given) ? given : {}),
          hostedZoneId: `ZAPI${context.region.toUpperCase().replaceAll("-", "")}`,
          targetDomainName: `d-${context.digest(10)}.execute-api.${context.region}.amazonaws.com`,
        },
      };
    },
    inputs: ["domainName"],
    wiring: ["domainNameConfiguration"],
    read: (id) => ({ domainName: id }),
  },
  "aws:apigatewayv2/apiMapping:ApiMapping": {
    outputs: (context) => ({ id: context.digest(6) }),
    inputs: ["apiId", "domainName", "stage", "apiMappingKey"],
  },
};
