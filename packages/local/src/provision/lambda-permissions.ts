import * as z from "zod";
import type { GraphIndex } from "../graph/index-graphs.ts";
import { readPart } from "../graph/read-inputs.ts";
import { fitsArn } from "../services/iam/match.ts";
import type { FunctionDefinition } from "../services/lambda/definition.ts";

export const permissionType = "aws:lambda/permission:Permission";

const inputsShape = z.object({
  action: z.string(),
  function: z.string(),
  principal: z.string(),
  sourceArn: z.string().optional(),
});

export interface Invoker {
  /** An AWS service, for example `events.amazonaws.com`. */
  readonly principal: string;
  /** On whose behalf the service calls: an API's route, a rule. */
  readonly sourceArn: string;
}

/** Whether the function's own policy lets a service of its region invoke it. Roles have no say in this. */
export function mayInvoke(index: GraphIndex, called: FunctionDefinition, invoker: Invoker): boolean {
  return index.all(permissionType).some((permission) => {
    const inputs = readPart(permission, "inputs", inputsShape);
    return (
      permission.region === called.region &&
      inputs.action === "lambda:InvokeFunction" &&
      inputs.principal === invoker.principal &&
      (inputs.function === called.arn || inputs.function === called.name) &&
      (inputs.sourceArn === undefined || fitsArn(inputs.sourceArn, invoker.sourceArn))
    );
  });
}
