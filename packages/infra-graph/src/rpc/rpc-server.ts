import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Json, JsonObject } from "../format.ts";
import { isJsonObject } from "../monitor/plain.ts";

export type RpcMethods = Readonly<Record<string, (params: JsonObject) => Promise<unknown> | unknown>>;

export interface RpcServer {
  /** Value of `SST_SERVER` for the evaluated program. */
  readonly url: string;
  close(): Promise<void>;
}

/** What SST asks about its bootstrap stack: names of buckets that every account's regions would have. */
export function bootstrapMethods(account: string): RpcMethods {
  return {
    "Provider.Aws.Bootstrap": ({ region }) => ({
      asset: `sst-asset-${String(region)}`,
      state: `sst-state-${String(region)}`,
      assetEcrRegistryId: account,
      assetEcrUrl: `${account}.dkr.ecr.${String(region)}.amazonaws.com/sst-asset`,
    }),
    "Runtime.AddTarget": () => ({}),
  };
}

async function bodyOf(request: IncomingMessage): Promise<JsonObject> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  const body = JSON.parse(Buffer.concat(chunks).toString("utf8")) as Json;
  return isJsonObject(body) ? body : {};
}

async function answer(methods: RpcMethods, body: JsonObject): Promise<object> {
  const name = String(body["method"]);
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  if (!method) {
    return { result: null, error: `rpc: can't find method ${name}` }; // the words by which SST knows this case
  }
  const params: Json | undefined = Array.isArray(body["params"]) ? body["params"][0] : undefined;
  try {
    return { result: await method(isJsonObject(params) ? params : {}), error: null };
  } catch (error) {
    return { result: null, error: error instanceof Error ? error.message : String(error) };
  }
}

/** The local server that SST's CLI would run for its components, on a free loopback port. */
export async function startRpcServer(methods: RpcMethods): Promise<RpcServer> {
  const server = createServer(async (request, response) => {
    response.setHeader("connection", "close"); // an idle connection would keep the program from ending
    response.end(JSON.stringify(await answer(methods, await bodyOf(request))));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
