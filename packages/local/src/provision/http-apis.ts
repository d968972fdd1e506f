import * as z from "zod";
import { dangling, type GraphIndex } from "../graph/index-graphs.ts";
import { GraphError } from "../graph/load.ts";
import { readPart } from "../graph/read-inputs.ts";
import type { GraphResource } from "../graph/schema.ts";
import type { FunctionDefinition } from "../services/lambda/definition.ts";
import { mayInvoke, permissionType } from "./lambda-permissions.ts";

export const apiType = "aws:apigatewayv2/api:Api";
const routeType = "aws:apigatewayv2/route:Route";
const integrationType = "aws:apigatewayv2/integration:Integration";
const stageType = "aws:apigatewayv2/stage:Stage";
export const apiPartTypes = [routeType, integrationType, stageType, permissionType] as const;

export interface PlannedApi {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly routes: readonly PlannedRoute[];
}

interface PlannedRoute {
  readonly routeKey: string;
  readonly functionArn: string;
  /** Whether the route is measured by itself. */
  readonly detailedMetrics: boolean;
}

const apiOutputs = z.object({ executionArn: z.string() });
const routeSettings = z.object({ detailedMetricsEnabled: z.boolean().default(false) });
const stageInputs = z.object({
  apiId: z.string(),
  name: z.string(),
  defaultRouteSettings: routeSettings.optional(),
  routeSettings: z.array(routeSettings.extend({ routeKey: z.string() })).default([]),
});
const routeInputs = z.object({ apiId: z.string(), routeKey: z.string(), target: z.string() });
const integrationInputs = z.object({
  apiId: z.string(),
  integrationType: z.literal("AWS_PROXY"),
  integrationUri: z.string(),
  payloadFormatVersion: z.literal("2.0"),
});

/** The HTTP APIs with their routes, each led through its integration to a function that lets the API invoke it. */
export function planApis(index: GraphIndex, functions: readonly FunctionDefinition[]): PlannedApi[] {
  return index.all(apiType).map((api) => {
    const id = api.id ?? "";
    const { executionArn } = readPart(api, "outputs", apiOutputs);
    const stage = index
      .all(stageType)
      .filter((one) => one.region === api.region)
      .map((one) => readPart(one, "inputs", stageInputs))
      .find(({ apiId }) => apiId === id);
    if (stage === undefined)
      throw new GraphError(`${api.name} in ${api.region} has no stage: nothing would answer`);
    const routes = index
      .all(routeType)
      .filter((route) => route.region === api.region && route.inputs["apiId"] === id)
      .map((route) => planRoute(route, executionArn, index, functions))
      .map((route) => ({ ...route, detailedMetrics: hasDetailedMetrics(stage, route.routeKey) }));
    if (routes.length === 0) throw new GraphError(`${api.name} in ${api.region} has no route`);
    return { id, name: api.name, region: api.region, routes };
  });
}

function hasDetailedMetrics(stage: z.infer<typeof stageInputs>, routeKey: string): boolean {
  const settings =
    stage.routeSettings.find((route) => route.routeKey === routeKey) ?? stage.defaultRouteSettings;
  return settings?.detailedMetricsEnabled ?? false;
}

function planRoute(
  route: GraphResource,
  executionArn: string,
  index: GraphIndex,
  functions: readonly FunctionDefinition[],
) {
  const { routeKey, target } = readPart(route, "inputs", routeInputs);
  const integration = index.byId(integrationType, target.replace(/^integrations\//, ""), route);
  const { integrationUri } = readPart(integration, "inputs", integrationInputs);
  const called = functions.find(
    ({ arn }) => integrationUri === arn || integrationUri.endsWith(`/functions/${arn}/invocations`),
  );
  if (!called) throw dangling(integration, integrationUri);
  const invoker = {
    principal: "apigateway.amazonaws.com",
    sourceArn: `${executionArn}/$default/${routeKey}`,
  };
  if (!mayInvoke(index, called, invoker)) {
    throw new GraphError(
      `${route.name} in ${route.region} may not invoke ${called.name}: it has no Lambda permission`,
    );
  }
  return { routeKey, functionArn: called.arn };
}
