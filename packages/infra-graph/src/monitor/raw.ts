import type { GraphCopy, Json, JsonObject } from "../format.ts";

/** A resource as the monitor saw it, before trimming. Secrets are `{ $secret: value }`. */
export interface RawResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly parent: string | null;
  readonly kind: "custom" | "component" | "read";
  readonly region: string;
  readonly id: string;
  readonly inputs: JsonObject;
  /** What the provider would have computed, beside the inputs. */
  readonly outputs: JsonObject;
}

/** A provider function that the program called. */
export interface RawCall {
  readonly token: string;
  readonly region: string;
  readonly inputs: JsonObject;
  readonly outputs: JsonObject;
}

/** A request of SST's function component to its bundler. */
export interface RawBuild {
  readonly functionId: string;
  readonly handler: string;
  readonly links: Readonly<Record<string, JsonObject>>;
  readonly properties: JsonObject;
  readonly copyFiles: readonly GraphCopy[];
}

/** Everything linkable in the app, by the name it has in `Resource`. */
export type RawLinks = Readonly<Record<string, Json>>;

/** What one evaluation gives, as the child process hands it over. */
export interface RawEvaluation {
  readonly resources: readonly RawResource[];
  readonly calls: readonly RawCall[];
  readonly links: RawLinks;
  /** Link properties that the program marked as secret. */
  readonly secrets: readonly string[];
  /** Messages for people, most telling first; empty when the program ran to its end. */
  readonly problems: readonly string[];
}
