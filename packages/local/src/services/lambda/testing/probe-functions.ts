import { fileURLToPath } from "node:url";
import { account } from "../../service.ts";
import type { FunctionDefinition } from "../definition.ts";

/** Handler paths in tests are relative to the fixtures. */
export const fixturesRoot = fileURLToPath(new URL("./fixtures", import.meta.url));

/** A definition of the probe function, its region's name in everything that should differ between regions. */
export function probeFunction(region: string, more: Partial<FunctionDefinition> = {}): FunctionDefinition {
  const name = more.name ?? "antipode-test-Probe";
  return {
    name,
    arn: `arn:aws:lambda:${region}:${account}:function:${name}`,
    region,
    sourceHandler: "probe/handler.handler",
    links: { Deployment: { environment: "test", region, origin: `${region}#1` } },
    environment: { SETTING: `for ${region}`, NODE_OPTIONS: "--enable-source-maps" },
    timeoutSeconds: 2,
    memoryMb: 256,
    roleArn: `arn:aws:iam::${account}:role/${name}-${region}`,
    statements: [],
    app: { name: "antipode", stage: `test-${region}` },
    ...more,
  };
}
