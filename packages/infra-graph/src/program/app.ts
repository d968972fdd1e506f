import type { Json, JsonObject } from "../format.ts";
import { isJsonObject } from "../monitor/plain.ts";

/** `$app` of an evaluated program. */
export interface App {
  readonly name: string;
  readonly stage: string;
  readonly removal: string;
  readonly providers: Readonly<Record<string, JsonObject>>;
  readonly home: string;
  readonly version: string;
  readonly protect: boolean;
  /** Region of the default AWS provider. */
  readonly region: string;
  /** Default tags of the AWS provider. */
  readonly tags: Readonly<Record<string, string>>;
}

function providerArgs(value: Json | undefined): JsonObject {
  if (typeof value === "string") {
    return { version: value };
  }
  return isJsonObject(value) ? value : {};
}

function tagsOf(defaultTags: Json | undefined): Record<string, string> {
  const tags = isJsonObject(defaultTags) ? defaultTags["tags"] : undefined;
  const entries = isJsonObject(tags) ? Object.entries(tags) : [];
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

/**
 * What `app()` of sst.config.ts returned, completed as SST's CLI does. Throws when the name or the AWS region is
 * missing: without a region the CLI takes the shell's, and the same stage would land in different places.
 */
export function normalizeApp(returned: Json, stage: string): App {
  const app = isJsonObject(returned) ? returned : {};
  const { name, home = "aws" } = app;
  const declared = isJsonObject(app["providers"]) ? app["providers"] : {};
  const aws = providerArgs(declared["aws"]);
  const region = aws["region"];
  if (typeof name !== "string" || typeof region !== "string") {
    throw new Error(
      `app() of sst.config.ts gives no ${typeof name === "string" ? "providers.aws.region" : "name"}`,
    );
  }
  const tags = { ...tagsOf(aws["defaultTags"]), "sst:app": name, "sst:stage": stage };
  const { profile: _, ...awsWithoutProfile } = aws;
  const others = Object.entries(declared).map(([provider, args]) => [provider, providerArgs(args)] as const);
  return {
    name,
    stage,
    removal: typeof app["removal"] === "string" ? app["removal"] : "retain",
    providers: { ...Object.fromEntries(others), aws: { ...awsWithoutProfile, defaultTags: { tags } } },
    home: String(home),
    version: typeof app["version"] === "string" ? app["version"] : "",
    protect: app["protect"] === true,
    region,
    tags,
  };
}

/** Pulumi's configuration of the providers: `aws:region`, `aws:defaultTags`, … */
export function pulumiConfig(app: App): Record<string, string> {
  const config: Record<string, string> = {};
  for (const [provider, args] of Object.entries(app.providers)) {
    for (const [key, value] of Object.entries(args)) {
      if (key !== "version" && key !== "package") {
        config[`${provider}:${key}`] = typeof value === "string" ? value : JSON.stringify(value);
      }
    }
  }
  return config;
}
