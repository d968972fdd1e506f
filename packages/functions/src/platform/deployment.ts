import { isOrigin } from "@antipode/core";
import * as z from "zod";

const originSchema = z.string().refine(isOrigin, "not an origin such as us-east-1#1");

const deploymentSchema = z.object({
  environment: z.string().min(1),
  region: z.string().min(1),
  origin: originSchema,
  regions: z.array(z.object({ name: z.string().min(1), origin: originSchema })).min(1),
  /** Empty on a stage without a domain. */
  domain: z.string(),
});

/** Where a function runs, and with whom. */
export type Deployment = z.infer<typeof deploymentSchema>;

/** SST's `Resource`: what `infra/` links to a function. Read once when a function starts. */
export type Links = object;

/** Throws when the link is missing or malformed: the function must not start with half a configuration. */
export function linkedDeployment(links: Links): Deployment {
  return z.object({ Deployment: deploymentSchema }).parse(links).Deployment;
}

/** The physical name of a linked table or bucket. */
export function linkedName(links: Links, resource: string): string {
  const member: unknown = Reflect.get(links, resource);
  return z.object({ name: z.string().min(1) }).parse(member).name;
}

/** A linked secret. */
export function linkedSecret(links: Links, resource: string): string {
  const member: unknown = Reflect.get(links, resource);
  return z.object({ value: z.string().min(1) }).parse(member).value;
}

/** By region, the names of the peers' functions. */
export function linkedPeers(links: Links): Readonly<Record<string, string>> {
  const member: unknown = Reflect.get(links, "Peers");
  return z.object({ functions: z.record(z.string(), z.string().min(1)) }).parse(member).functions;
}
