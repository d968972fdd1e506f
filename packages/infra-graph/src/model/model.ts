import { createHash } from "node:crypto";
import type { JsonObject } from "../format.ts";

/** What a provider computes for a resource. `id` is always there; `arn` where the service gives one. */
export type ProviderOutputs = JsonObject & { readonly id: string; readonly arn?: string };

/** What is known of a resource when its provider would be asked. */
export interface ModelContext {
  readonly type: string;
  /** Pulumi's logical name. */
  readonly name: string;
  /** The inputs, secrets in the clear. */
  readonly inputs: JsonObject;
  readonly region: string;
  readonly stage: string;
  readonly account: string;
  /** A string input, if it was given. */
  given(field: string): string | undefined;
  /** A string input, or the name that the provider would make up: logical name and seven characters. */
  auto(field: string): string;
  /** Hex digits that are the same in each evaluation and differ between stages, regions, types and names. */
  digest(length: number, salt?: string): string;
  /** `arn:aws:<service>:<region>:<account>:<resource>`; pass "" for services without region or account. */
  arn(
    service: string,
    resource: string,
    place?: { readonly region?: string; readonly account?: string },
  ): string;
}

/**
 * How one resource type behaves offline, and what of it the trimmed graph keeps. A type without a model fails the
 * evaluation: an answer that nobody checked is worse than none.
 */
export interface ResourceModel {
  readonly outputs: (context: ModelContext) => ProviderOutputs;
  /** Kept inputs, completed from the outputs (a made-up name, say). Without it only type, name, region and ARN stay. */
  readonly inputs?: readonly string[];
  /** Inputs that Pulumi's class for the type marks as secret in every case, and which are none in this one. */
  readonly publicInputs?: (inputs: JsonObject) => readonly string[];
  /** Inputs that hold an IAM policy as JSON, and the name under which the graph keeps their statements. */
  readonly policies?: Readonly<Record<string, string>>;
  /** Kept outputs: those that other resources or stages refer to. */
  readonly wiring?: readonly string[];
  /** The service has no regions: the resource counts to the stage's own. */
  readonly global?: boolean;
  /** It finds something that exists instead of creating it: the graph lists it under look-ups. */
  readonly lookup?: boolean;
  /** Inputs that follow from the id alone, for a resource that is read and not owned (`X.get`). */
  readonly read?: (id: string) => JsonObject;
}

export type ResourceModels = Readonly<Record<string, ResourceModel>>;

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

export function createModelContext(
  base: Pick<ModelContext, "type" | "name" | "inputs" | "region" | "stage" | "account">,
): ModelContext {
  const seed = [base.stage, base.region, base.type, base.name].join("/");
  const given = (field: string): string | undefined => {
    const value = base.inputs[field];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const digest = (length: number, salt = ""): string => sha256(`${seed}/${salt}`).slice(0, length);
  return {
    ...base,
    given,
    auto: (field) => given(field) ?? `${base.name}-${digest(7, "auto-name")}`,
    digest,
    arn: (service, resource, { region = base.region, account = base.account } = {}) =>
      `arn:aws:${service}:${region}:${account}:${resource}`,
  };
}

/** An id in the form of a UUID. */
export function uuidOf(context: ModelContext): string {
  const hex = context.digest(32, "uuid");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** Outputs of the many types whose id is their name and whose ARN ends in it. */
export function namedOutputs(
  service: string,
  resourceOf: (name: string) => string,
  { field = "name", id = "name" }: { readonly field?: string; readonly id?: "name" | "arn" } = {},
): (context: ModelContext) => ProviderOutputs {
  return (context) => {
    const name = context.auto(field);
    const arn = context.arn(service, resourceOf(name));
    return { id: id === "arn" ? arn : name, arn, [field]: name };
  };
}
