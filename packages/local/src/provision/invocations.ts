import * as z from "zod";
import { dangling, type GraphIndex } from "../graph/index-graphs.ts";
import { readPart } from "../graph/read-inputs.ts";
import type { FunctionDefinition } from "../services/lambda/definition.ts";

export const invocationType = "aws:lambda/invocation:Invocation";

/** A function that a deployment calls once. */
export interface PlannedInvocation {
  readonly name: string;
  readonly region: string;
  readonly functionArn: string;
  /** JSON text. */
  readonly payload: string;
}

const inputsShape = z.object({
  functionName: z.string(),
  input: z.string(),
  qualifier: z.literal("$LATEST", "versions and aliases are not run").default("$LATEST"),
  lifecycleScope: z
    .literal("CREATE_ONLY", "the world is deployed once and never changed")
    .default("CREATE_ONLY"),
});

export function planInvocations(
  index: GraphIndex,
  functions: readonly FunctionDefinition[],
): PlannedInvocation[] {
  return index.all(invocationType).map((resource) => {
    const { functionName, input } = readPart(resource, "inputs", inputsShape);
    const called = functions.find(
      ({ arn, name, region }) =>
        region === resource.region && (name === functionName || arn === functionName),
    );
    if (!called) throw dangling(resource, functionName);
    return { name: resource.name, region: resource.region, functionArn: called.arn, payload: input };
  });
}
