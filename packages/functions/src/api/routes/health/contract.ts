import * as z from "zod";
import type { Contract } from "../../contract.ts";

const statusSchema = z.strictObject({ status: z.literal("ready"), region: z.string() });

function healthContract<Path extends string>(path: Path, summary: string) {
  return {
    method: "GET",
    path,
    summary,
    security: "none",
    operation: false,
    params: z.strictObject({}),
    query: z.strictObject({}),
    body: z.undefined(),
    answers: { 200: { description: "The region can serve", schema: statusSchema } },
    refusals: ["not-ready"],
  } as const satisfies Contract<object, object, undefined>;
}

export const health = healthContract("/health", "The routing signal, for Route 53's health checks");
export const ready = healthContract("/ready", "Whether this region can serve, for probes and alarms");
