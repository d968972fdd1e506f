import type { Graph, Json, JsonObject } from "../format.ts";
import { type Candidate, candidatesOf, findResource } from "../lookups/find.ts";
import { answerInvoke } from "../model/invokes.ts";
import { createModelContext, type ProviderOutputs } from "../model/model.ts";
import { modelOf } from "../model/registry.ts";
import { isJsonObject, revealSecrets, secretStrings, toPlainObject } from "./plain.ts";
import type { RawCall, RawResource } from "./raw.ts";

export interface RecorderSettings {
  readonly app: string;
  readonly stage: string;
  readonly region: string;
  readonly account: string;
  readonly zoneName: string;
  /** Graphs of the stages evaluated before this one: what look-ups may find. */
  readonly peers: readonly Graph[];
}

export interface Registration {
  readonly kind: RawResource["kind"];
  readonly type: string;
  readonly name: string;
  readonly parent: string;
  readonly provider: string;
  /** The id of a resource that is read. */
  readonly id?: string;
  /** As Pulumi deserialised them. */
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** Keeps what a program registers, reads and calls, and computes what its providers would have answered. */
export interface Recorder {
  record(registration: Registration): RawResource;
  call(token: string, provider: string, inputs: Readonly<Record<string, unknown>>): JsonObject;
  registerOutputs(urn: string, outputs: Readonly<Record<string, unknown>>): void;
  readonly resources: readonly RawResource[];
  readonly calls: readonly RawCall[];
  readonly links: Readonly<Record<string, Json>>;
  /** Link properties that the program marked as secret. */
  readonly secrets: readonly string[];
  /** What the models could not answer; the program goes on, so that all of it is found at once. */
  readonly problems: readonly string[];
}

const stackType = "pulumi:pulumi:Stack";
const providerPrefix = "pulumi:providers:";

function reveal(inputs: Readonly<Record<string, unknown>>): JsonObject {
  const plain = revealSecrets(toPlainObject(inputs));
  return isJsonObject(plain) ? plain : {};
}

export function createRecorder(settings: RecorderSettings): Recorder {
  const resources: RawResource[] = [];
  const calls: RawCall[] = [];
  const problems: string[] = [];
  const links: Record<string, Json> = {};
  const secrets: string[] = [];
  const byUrn = new Map<string, RawResource>();
  const providerRegions = new Map<string, string>();
  const peers = settings.peers.flatMap(candidatesOf);

  // As Pulumi's engine forms URNs: the types of all parents but the stack, joined.
  const urnOf = ({ parent, type, name }: Registration): string => {
    const parentType = parent.split("::")[2];
    const qualified = parentType && parentType !== stackType ? `${parentType}$${type}` : type;
    return `urn:pulumi:${settings.stage}::${settings.app}::${qualified}::${name}`;
  };

  const regionOf = (inputs: JsonObject, provider: string): string => {
    const given = inputs["region"];
    const inherited = providerRegions.get(provider.replace(/::[^:]*$/, ""));
    return typeof given === "string" && given !== "" ? given : (inherited ?? settings.region);
  };

  const known = (): Candidate[] => [
    ...resources.map(({ type, region, id, inputs, outputs }) => ({
      type,
      region,
      id,
      arn: typeof outputs["arn"] === "string" ? outputs["arn"] : undefined,
      state: { ...reveal(inputs), ...outputs },
    })),
    ...peers,
  ];

  const problem = (text: string): ProviderOutputs => {
    problems.push(text);
    return { id: "unknown" };
  };

  function readOutputs(registration: Registration, inputs: JsonObject, region: string): ProviderOutputs {
    const { type, name, id = "" } = registration;
    const model = modelOf(type, name);
    if (model?.read) {
      const state = { ...model.read(id), ...inputs };
      return { ...model.outputs(createModelContext({ ...settings, type, name, inputs: state, region })), id };
    }
    const found = findResource(known(), { type, key: id, region });
    return found
      ? { ...found.state, id, ...(found.arn !== undefined && { arn: found.arn }) }
      : problem(`${type} "${name}": nothing is known of ${id} in ${region}, and its type has no read model`);
  }

  function customOutputs(registration: Registration, inputs: JsonObject, region: string): ProviderOutputs {
    const { type, name } = registration;
    if (type.startsWith(providerPrefix)) {
      return { id: createModelContext({ ...settings, type, name, inputs, region }).digest(32) };
    }
    const model = modelOf(type, name);
    return model
      ? model.outputs(createModelContext({ ...settings, type, name, inputs, region }))
      : problem(
          `unknown resource type ${type} ("${name}"): describe it in a file of packages/infra-graph/src/model/services`,
        );
  }

  function record(registration: Registration): RawResource {
    const { kind, type, name } = registration;
    const urn = urnOf(registration);
    if (byUrn.has(urn)) {
      throw new Error(`Duplicate resource: there are two of type ${type} with the name "${name}"`);
    }
    const inputs = reveal(registration.inputs);
    const model = kind === "component" ? undefined : modelOf(type, name);
    const region = model?.global ? settings.region : regionOf(inputs, registration.provider);
    const { id, ...outputs } =
      kind === "component"
        ? { id: "" }
        : kind === "read"
          ? readOutputs(registration, inputs, region)
          : customOutputs(registration, inputs, region);
    if (type.startsWith(providerPrefix)) {
      providerRegions.set(urn, regionOf(inputs, ""));
    }
    const resource: RawResource = {
      urn,
      type,
      name,
      kind,
      region,
      parent: registration.parent || null,
      id,
      inputs: toPlainObject(registration.inputs),
      outputs,
    };
    byUrn.set(urn, resource);
    resources.push(resource);
    return resource;
  }

  function call(token: string, provider: string, args: Readonly<Record<string, unknown>>): JsonObject {
    const inputs = reveal(args);
    const region = regionOf(inputs, provider);
    try {
      const outputs = answerInvoke({ ...settings, token, inputs, region, known });
      calls.push({ token, region, inputs, outputs });
      return outputs;
    } catch (error) {
      // Pulumi loses the error of a call whose result nothing waits for.
      problems.push(error instanceof Error ? error.message : String(error));
      throw error;
    }
  }

  function registerOutputs(urn: string, outputs: Readonly<Record<string, unknown>>): void {
    // SST registers one of these for each linkable component; its own sst-env.d.ts is made from them too.
    if (byUrn.get(urn)?.type !== "sst:sst:LinkRef") {
      return;
    }
    const { target, properties = {} } = toPlainObject(outputs);
    if (typeof target === "string") {
      links[target] = revealSecrets(properties);
      secrets.push(...secretStrings(properties));
    }
  }

  return { record, call, registerOutputs, resources, calls, links, secrets, problems };
}
