import type { Json, JsonObject } from "../format.ts";

// Pulumi's wire format marks special values with this key (sdk/nodejs/runtime/rpc).
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** Key of the wrapper that `toPlain` leaves round a secret. */
export const secretKey = "$secret";

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSpecial(value: Record<string, unknown>): boolean {
  return (
    signatureKey in value ||
    value["__pulumiAsset"] === true ||
    value["__pulumiArchive"] === true ||
    value["__pulumiResource"] === true
  );
}

/**
 * A deserialised Pulumi value as JSON. Secrets become `{ $secret: value }`, undefined members vanish, and files and
 * references to resource objects, whose form depends on the machine, become null.
 */
export function toPlain(value: unknown): Json {
  if (
    value === null ||
    typeof value === "boolean" ||
    typeof value === "number" ||
    typeof value === "string"
  ) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map(toPlain);
  }
  if (!isObject(value)) {
    return null;
  }
  if (value[signatureKey] === secretSignature) {
    return { [secretKey]: toPlain(value["value"]) };
  }
  return isSpecial(value) ? null : toPlainObject(value);
}

/** `toPlain` for the members of an object; never a secret as a whole. */
export function toPlainObject(value: Readonly<Record<string, unknown>>): JsonObject {
  const members = Object.entries(value).filter(
    ([key, member]) => member !== undefined && key !== "__provider",
  );
  return Object.fromEntries(members.map(([key, member]) => [key, toPlain(member)]));
}

function mapSecrets(value: Json, replace: (secret: Json) => Json): Json {
  if (Array.isArray(value)) {
    return value.map((member) => mapSecrets(member, replace));
  }
  if (!isObject(value)) {
    return value;
  }
  const object = value as JsonObject;
  const inner = object[secretKey];
  if (inner !== undefined) {
    return replace(inner);
  }
  return Object.fromEntries(
    Object.entries(object).map(([key, member]) => [key, mapSecrets(member, replace)]),
  );
}

/** The value without secret wrappers, for the models that compute outputs from it. */
export function revealSecrets(value: Json): Json {
  return mapSecrets(value, revealSecrets);
}

/**
 * The value with secrets replaced by `mark`. Pulumi calls everything secret that was computed beside a secret: a
 * function's ARN, when one of its links is one. So strings that `isPublic` knows stay, and so do numbers and flags.
 */
export function maskSecrets(value: Json, mark: string, isPublic: (text: string) => boolean): Json {
  const mask = (secret: Json): Json => {
    if (typeof secret === "string") {
      return isPublic(secret) ? secret : mark;
    }
    if (Array.isArray(secret)) {
      return secret.map(mask);
    }
    return isJsonObject(secret)
      ? Object.fromEntries(Object.entries(secret).map(([key, member]) => [key, mask(member)]))
      : secret;
  };
  return mapSecrets(value, (secret) => mask(revealSecrets(secret)));
}

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return isObject(value);
}

/** The strings in a value that are secret by themselves. */
export function secretStrings(value: Json): string[] {
  if (Array.isArray(value)) {
    return value.flatMap(secretStrings);
  }
  if (!isJsonObject(value)) {
    return [];
  }
  const secret = value[secretKey];
  return typeof secret === "string" ? [secret] : Object.values(value).flatMap(secretStrings);
}
