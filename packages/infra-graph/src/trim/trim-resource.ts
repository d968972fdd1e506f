import {
  type GraphResource,
  type GraphStatement,
  type Json,
  type JsonObject,
  secretMark,
} from "../format.ts";
import type { ResourceModel } from "../model/model.ts";
import { statementsOf } from "../model/policy.ts";
import { isJsonObject, maskSecrets, revealSecrets } from "../monitor/plain.ts";
import type { RawResource } from "../monitor/raw.ts";

/** Whether a string is some resource's id, ARN or name, and so no secret even where Pulumi marks it as one. */
export type IsPublic = (text: string) => boolean;

/** Without members that hold nothing: Pulumi passes arguments that were left out as null. */
function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) {
    return value.map(withoutNulls);
  }
  if (!isJsonObject(value)) {
    return value;
  }
  const members = Object.entries(withoutNullMembers(value));
  return Object.fromEntries(members.map(([key, member]) => [key, withoutNulls(member)]));
}

function objectOf(value: Json): JsonObject {
  return isJsonObject(value) ? value : {};
}

function withoutNullMembers(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, member]) => member !== null));
}

function pick(from: JsonObject, keys: readonly string[]): JsonObject {
  const picked = keys.flatMap((key) => {
    const value = from[key];
    return value === undefined || value === null || value === "" ? [] : [[key, withoutNulls(value)] as const];
  });
  return Object.fromEntries(picked);
}

/** A policy's statements, or the mark in their place when the whole document is a secret. */
function policyStatements(raw: RawResource, input: string): readonly GraphStatement[] {
  const value = raw.inputs[input];
  try {
    return value === undefined ? [] : statementsOf(revealSecrets(value));
  } catch {
    throw new Error(`${raw.type} "${raw.name}": its ${input} is not a policy in JSON`);
  }
}

function trimInputs(raw: RawResource, model: ResourceModel, isPublic: IsPublic): JsonObject {
  const policies = model.policies ?? {};
  const revealed = objectOf(revealSecrets(raw.inputs));
  const open = pick(revealed, model.publicInputs?.(revealed) ?? []);
  const inputs = { ...withoutNullMembers(raw.inputs), ...open };
  const state = objectOf(maskSecrets({ ...raw.outputs, ...inputs }, secretMark, isPublic));
  const statements = Object.entries(policies).flatMap(([input, name]) =>
    raw.inputs[input] === undefined || raw.inputs[input] === null
      ? []
      : [[name, policyStatements(raw, input) as unknown as Json] as const],
  );
  return { ...pick(state, model.inputs ?? []), ...Object.fromEntries(statements) };
}

/** What the committed graph keeps of a resource; types whose model lists no inputs keep their name alone. */
export function trimResource(
  raw: RawResource,
  model: ResourceModel | undefined,
  isPublic: IsPublic,
): GraphResource {
  const { type, name, region, id } = raw;
  const arn = typeof raw.outputs["arn"] === "string" ? raw.outputs["arn"] : undefined;
  const named = { type, name, region };
  if (!model?.inputs) {
    return arn === undefined ? named : { ...named, arn };
  }
  const outputs = pick(raw.outputs, model.wiring ?? []);
  return {
    ...named,
    id,
    ...(arn !== undefined && { arn }),
    inputs: trimInputs(raw, model, isPublic),
    ...(Object.keys(outputs).length > 0 && { outputs }),
  };
}
