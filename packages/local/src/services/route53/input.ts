import { AwsError } from "../service.ts";
import { textOf, type XmlElement } from "./xml.ts";

export function invalidInput(message: string): AwsError {
  return new AwsError("InvalidInput", message, 400);
}

/** For what the real service does and this one does not: taking it in silence would be a lie. */
export function notBuilt(what: string): AwsError {
  return new AwsError("NotImplemented", `The local world's Route 53 does not implement ${what}`, 501);
}

/** A whole number between two others, both included; nothing when the field is not there. Throws `InvalidInput`. */
export function numberIn(element: XmlElement, field: string, min: number, max: number): number | undefined {
  const text = textOf(element, field);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  const bound = value < min ? `greater than or equal to ${min}` : `less than or equal to ${max}`;
  throw invalidInput(
    `1 validation error detected: Value '${text}' at '${field}' failed to satisfy constraint: Member must have value ${bound}`,
  );
}

/** `true` or `false`; nothing when the field is not there. */
export function flagIn(element: XmlElement, field: string): boolean | undefined {
  const text = textOf(element, field);
  return text === undefined ? undefined : text === "true";
}
