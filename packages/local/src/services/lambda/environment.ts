import { createHash } from "node:crypto";
import { devNull } from "node:os";
import type { FunctionDefinition } from "./definition.ts";

/** What an instance's environment needs beside the function's own definition. */
export interface EnvironmentOptions {
  /** The front of the function's region. */
  readonly endpointUrl: string;
  /** Tells an instance's logs apart, as Lambda's log streams do. */
  readonly logStream: string;
}

/** A function's own access key: the front knows by it who asks. Stable, so that logs can be read. */
export function accessKeyOf(functionArn: string): string {
  return `ASIA${createHash("sha256").update(functionArn).digest("hex").slice(0, 16).toUpperCase()}`;
}

/**
 * The whole environment of a function: what Lambda sets, the endpoint, what SST sets for links, the definition's own
 * variables. Nothing of this machine's environment gets in; files such as `~/.aws/config` are shut out too.
 */
export function functionEnvironment(
  definition: FunctionDefinition,
  options: EnvironmentOptions,
): Record<string, string> {
  const environment: Record<string, string> = {
    AWS_REGION: definition.region,
    AWS_DEFAULT_REGION: definition.region,
    AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
    AWS_LAMBDA_FUNCTION_NAME: definition.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memoryMb),
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${definition.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: options.logStream,
    AWS_ACCESS_KEY_ID: accessKeyOf(definition.arn),
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_SESSION_TOKEN: "local",
    AWS_ENDPOINT_URL: options.endpointUrl,
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: "true",
    LANG: "en_US.UTF-8",
    TZ: ":UTC",
    NODE_OPTIONS: "--enable-source-maps", // SST keeps the maps apart from what it deploys; here stacks name sources
    _HANDLER: `bundle${definition.sourceHandler.slice(definition.sourceHandler.lastIndexOf("."))}`,
    SST_RESOURCE_App: JSON.stringify(definition.app),
  };
  for (const [name, properties] of Object.entries(definition.links)) {
    environment[`SST_RESOURCE_${name}`] = JSON.stringify(properties);
  }
  return { ...environment, ...definition.environment };
}
