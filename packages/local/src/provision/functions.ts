import * as z from "zod";
import type { GraphIndex } from "../graph/index-graphs.ts";
import { GraphError } from "../graph/load.ts";
import { arnOf, readPart } from "../graph/read-inputs.ts";
import { type GraphFunction, type GraphResource, statementSchema } from "../graph/schema.ts";
import type { FunctionDefinition } from "../services/lambda/definition.ts";
import { apiConcurrency, streamConcurrency } from "../services/lambda/definition.ts";
import { mappingType } from "./event-source-mappings.ts";

export const functionType = "aws:lambda/function:Function";

/** What evaluation puts where a secret would be. */
const secretMark = "[secret]";

const inputsShape = z.object({
  name: z.string(),
  reservedConcurrentExecutions: z.int().min(1, "a function with none would never run").optional(),
  deadLetterConfig: z.never("dead-letter queues are run as destinations of failures only").optional(),
});
const roleShape = z.object({ statements: z.array(statementSchema).default([]) });

/**
 * Every function in every region, with its role's own statements.
 *
 * @param secrets the values of the environment's secrets, by link name: graphs hold none
 */
export function planFunctions(
  index: GraphIndex,
  secrets: Readonly<Record<string, string>>,
): FunctionDefinition[] {
  const streamed = new Set(index.all(mappingType).map((mapping) => mapping.inputs["functionName"]));
  return index.graphs.flatMap((graph) =>
    graph.resources
      .filter((resource) => resource.type === functionType)
      .map((resource) => {
        const arn = arnOf(resource);
        return {
          ...planFunction(resource, index, secrets),
          app: { name: graph.app, stage: graph.stage },
          concurrency: streamed.has(arn) ? streamConcurrency : instancesOf(resource),
        };
      }),
  );
}

/** What is reserved for a function is also its most. Here no function takes another's instances, reserved or not. */
function instancesOf(resource: GraphResource): number {
  const { reservedConcurrentExecutions } = readPart(resource, "inputs", inputsShape);
  return Math.min(reservedConcurrentExecutions ?? apiConcurrency, apiConcurrency);
}

function planFunction(resource: GraphResource, index: GraphIndex, secrets: Readonly<Record<string, string>>) {
  const part = resource.function;
  if (!part) throw new GraphError(`${resource.name} in ${resource.region} has no handler in its graph`);
  const role = index.byArn(part.role, resource);
  return {
    name: readPart(resource, "inputs", inputsShape).name,
    arn: arnOf(resource),
    region: resource.region,
    sourceHandler: part.handler,
    links: withSecrets(resource, part, secrets),
    environment: part.environment,
    timeoutSeconds: part.timeoutSeconds,
    memoryMb: part.memoryMb,
    roleArn: part.role,
    copyFiles: part.copyFiles,
    statements: readPart(role, "inputs", roleShape).statements.map((statement) => ({
      effect: statement.effect,
      actions: statement.actions,
      resources: statement.resources,
      ...(statement.conditions ? { conditions: statement.conditions } : {}),
    })),
  };
}

function withSecrets(
  resource: GraphResource,
  part: GraphFunction,
  secrets: Readonly<Record<string, string>>,
) {
  return Object.fromEntries(
    Object.entries(part.links).map(([link, properties]) => {
      if (properties["value"] !== secretMark) return [link, properties];
      const value = secrets[link];
      if (value === undefined)
        throw new GraphError(`${resource.name} needs a secret ${link}, which this world has not`);
      return [link, { ...properties, value }];
    }),
  );
}
