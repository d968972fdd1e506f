/** The committed graphs as the local world reads them: what is deployed, stage by stage. */
import * as z from "zod";

const record = z.record(z.string(), z.unknown());

/**
 * A statement of a role's policies. Conditions: operator → condition key → values. Strict, since a member that was
 * overlooked (`notActions`) would turn a statement into its opposite.
 */
export const statementSchema = z.strictObject({
  sid: z.string().optional(),
  effect: z.enum(["Allow", "Deny"]),
  actions: z.array(z.string()),
  resources: z.array(z.string()),
  conditions: z.record(z.string(), z.record(z.string(), z.array(z.string()))).optional(),
});

const functionSchema = z.object({
  handler: z.string(),
  links: z.record(z.string(), record),
  environment: z.record(z.string(), z.string()),
  timeoutSeconds: z.number().positive(),
  memoryMb: z.number().positive(),
  role: z.string(),
  copyFiles: z.array(z.object({ from: z.string(), to: z.string() })).default([]),
});

const resourceSchema = z.object({
  type: z.string(),
  name: z.string(),
  region: z.string(),
  id: z.string().optional(),
  arn: z.string().optional(),
  inputs: record.default({}),
  outputs: record.default({}),
  function: functionSchema.optional(),
});

/** What a stage reads of what exists beside it, such as the zone of its names. */
const lookupSchema = z.object({
  token: z.string(),
  name: z.string(),
  result: z.object({ arn: z.string().optional() }),
});

export const graphSchema = z.object({
  version: z.literal(1),
  app: z.string(),
  stage: z.string(),
  region: z.string(),
  /** Of every resource that can have tags. */
  tags: z.record(z.string(), z.string()).optional(),
  resources: z.array(resourceSchema),
  lookups: z.array(lookupSchema).optional(),
});

export type Graph = z.infer<typeof graphSchema>;
export type GraphResource = z.infer<typeof resourceSchema>;
export type GraphFunction = z.infer<typeof functionSchema>;
export type Statement = z.infer<typeof statementSchema>;
