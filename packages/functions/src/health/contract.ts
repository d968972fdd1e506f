import * as z from "zod";
import type { Contract } from "../api/contract.ts";

const statusSchema = z.strictObject({ status: z.literal("ready"), region: z.string() });

export const health = {
  method: "GET",
  path: "/health",
  summary: "The routing signal, for Route 53's health checks",
  security: "none",
  operation: false,
  params: z.strictObject({}),
  query: z.strictObject({}),
  body: z.undefined(),
  answers: { 200: { description: "The region can serve", schema: statusSchema } },
  refusals: ["not-ready", "drained"],
} as const satisfies Contract<object, object, undefined>;

const rampedSchema = z.strictObject({ load: z.literal("all"), region: z.string() });

export const ramped = {
  method: "GET",
  path: "/ramped",
  summary:
    "Whether all shoppers may be led to the region, or a share as it comes back, for Route 53's health checks",
  security: "none",
  operation: false,
  params: z.strictObject({}),
  query: z.strictObject({}),
  body: z.undefined(),
  answers: { 200: { description: "All may come", schema: rampedSchema } },
  refusals: ["not-ramped"],
} as const satisfies Contract<object, object, undefined>;

export const drainVoteSchema = z.strictObject({
  vote: z.literal("drain"),
  region: z.string(),
  since: z.iso.datetime(),
});

const voteParams = z.strictObject({ region: z.string() });

export const drainVotes = {
  method: "GET",
  path: "/drain-votes/:region",
  summary: "Whether this region votes to drain another one, for Route 53's health checks of that one",
  security: "none",
  operation: false,
  params: voteParams,
  query: z.strictObject({}),
  body: z.undefined(),
  answers: { 200: { description: "It votes to drain it", schema: drainVoteSchema } },
  refusals: ["no-vote"],
} as const satisfies Contract<z.infer<typeof voteParams>, object, undefined>;
