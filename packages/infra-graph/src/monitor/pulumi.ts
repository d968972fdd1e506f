import { createRequire } from "node:module";
import path from "node:path";

/** The parts of Pulumi's gRPC requests that the monitor reads. */
export interface ResourceRequest {
  getType(): string;
  getName(): string;
  getParent(): string;
  getProvider(): string;
  getCustom?(): boolean;
  getId?(): string;
  getObject?(): unknown;
  getProperties?(): unknown;
}

export interface InvokeRequest {
  getTok(): string;
  getArgs(): unknown;
  getProvider(): string;
}

export interface OutputsRequest {
  getUrn(): string;
  getOutputs(): unknown;
}

export type Reply = (error: Error | null, response?: unknown) => void;

/** What Pulumi's runtime calls for each resource and provider function of a program. */
export interface Monitor {
  registerResource(request: ResourceRequest, reply: Reply): void;
  readResource(request: ResourceRequest, reply: Reply): void;
  registerResourceOutputs(request: OutputsRequest, reply: Reply): void;
  invoke(request: InvokeRequest, reply: Reply): void;
}

interface Message {
  setUrn(urn: string): void;
  setId(id: string): void;
  setObject(struct: unknown): void;
  setProperties(struct: unknown): void;
  setReturn(struct: unknown): void;
}

export interface StackTransformationArgs {
  readonly type: string;
  readonly name: string;
}

/** SST's installed Pulumi, narrowed to what is used here. */
export interface Pulumi {
  readonly runtime: {
    setMocks(
      mocks: object,
      project: string,
      stack: string,
      preview: boolean,
      organization: string,
    ): Promise<void>;
    setAllConfig(config: Record<string, string>): void;
    getMonitor(): Monitor & { resources: Map<string, { urn: string; id: string | null; state: unknown }> };
    runInPulumiStack(program: () => Promise<unknown>): Promise<unknown>;
    registerStackTransformation(transform: (args: StackTransformationArgs) => undefined): void;
    disconnect(): Promise<void>;
  };
  deserialize(struct: unknown): Record<string, unknown>;
  serialize(values: Record<string, unknown>): Promise<unknown>;
  struct(value: unknown): unknown;
  message(kind: "register" | "read" | "invoke"): Message;
}

interface RpcModule {
  deserializeProperties(struct: unknown): Record<string, unknown>;
  serializeProperties(label: string, values: Record<string, unknown>): Promise<unknown>;
}

type MessageModule = Record<string, new () => Message>;

/** Loads Pulumi from SST's platform folder: the same copy that the built program imports. */
export function loadPulumi(platform: string): Pulumi {
  const require = createRequire(path.join(platform, "package.json"));
  const rpc = require("@pulumi/pulumi/runtime/rpc") as RpcModule;
  const structs = require("google-protobuf/google/protobuf/struct_pb") as {
    Struct: { fromJavaScript(value: unknown): unknown };
  };
  const providers = require("@pulumi/pulumi/proto/provider_pb") as MessageModule;
  const resources = require("@pulumi/pulumi/proto/resource_pb") as MessageModule;
  // Dynamic providers would be serialised with their closures: slow, different on each machine, and unused here.
  const closures = require("@pulumi/pulumi/runtime/closure/serializeClosure") as {
    serializeFunction: unknown;
  };
  closures.serializeFunction = async () => ({
    text: "",
    exportName: "handler",
    isFactoryFunction: true,
    containsSecrets: false,
  });
  const constructors = {
    register: resources["RegisterResourceResponse"],
    read: resources["ReadResourceResponse"],
    invoke: providers["InvokeResponse"],
  };
  return {
    runtime: (require("@pulumi/pulumi") as Pick<Pulumi, "runtime">).runtime,
    deserialize: (struct) => rpc.deserializeProperties(struct),
    serialize: (values) => rpc.serializeProperties("", values),
    struct: (value) => structs.Struct.fromJavaScript(value),
    message: (kind) => {
      const Constructor = constructors[kind];
      if (!Constructor) {
        throw new Error(`this Pulumi has no ${kind} response: the SST platform has changed`);
      }
      return new Constructor();
    },
  };
}
