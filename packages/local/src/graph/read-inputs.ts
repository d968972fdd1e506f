import type * as z from "zod";
import { GraphError } from "./load.ts";
import type { GraphResource } from "./schema.ts";

/**
 * A resource's inputs and outputs in the shape that its kind needs.
 *
 * @throws GraphError when the graph does not hold them
 */
export function readPart<Shape extends z.ZodType>(
  resource: GraphResource,
  part: "inputs" | "outputs",
  shape: Shape,
): z.infer<Shape> {
  const parsed = shape.safeParse(resource[part]);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = `${part}.${issue?.path.join(".")}`;
  throw new GraphError(
    `${resource.name} (${resource.type}) in ${resource.region} cannot be run: ${where}: ${issue?.message}`,
  );
}

/** A resource's ARN; one without an ARN cannot be wired. */
export function arnOf(resource: GraphResource): string {
  if (resource.arn === undefined)
    throw new GraphError(`${resource.name} (${resource.type}) has no ARN in its graph`);
  return resource.arn;
}
