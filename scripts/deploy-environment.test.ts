import { describe, expect, it } from "vitest";
import { type DeployPort, deployEnvironment } from "./deploy-environment.ts";

/** A deployment in which `sst deploy` and `/ready` do as they are told. */
function fakeDeployment(told: {
  readonly exitCodes?: Record<string, number>;
  readonly statuses?: Record<string, (number | undefined)[]>;
  readonly outputsOf?: string;
}) {
  const deployed: string[] = [];
  const port: DeployPort = {
    deploy: async (stage) => {
      deployed.push(stage);
      return told.exitCodes?.[stage] ?? 0;
    },
    outputs: async () => {
      const region = told.outputsOf ?? (deployed.at(-1) ?? "").replace("prod-", "");
      return { region, api: `https://api.${region}.test` };
    },
    status: async (url) => {
      const region = new URL(url).hostname.split(".")[1] ?? "";
      const statuses = told.statuses?.[region];
      return statuses === undefined ? 200 : statuses.length > 1 ? statuses.shift() : statuses[0];
    },
    sleep: async () => {},
    say: () => {},
  };
  return { port, deployed };
}

describe("npm run deploy", () => {
  it("deploys home first, then the others, each after the last is ready", async () => {
    const { port, deployed } = fakeDeployment({ statuses: { "eu-west-1": [undefined, 503, 200] } });
    expect(await deployEnvironment({ environment: "prod" }, port)).toMatchObject({ ok: true });
    expect(deployed).toEqual(["prod-us-east-1", "prod-eu-west-1", "prod-ap-south-1", "prod-ap-east-1"]);
  });

  it("stops where sst deploy fails, and says how to go on", async () => {
    const { port, deployed } = fakeDeployment({ exitCodes: { "prod-eu-west-1": 2 } });
    const result = await deployEnvironment({ environment: "prod" }, port);
    expect(result).toEqual({
      ok: false,
      error:
        "stopped at prod-eu-west-1: sst deploy ended with 2; mend it, then: npm run deploy -- prod --from eu-west-1",
    });
    expect(deployed).toHaveLength(2);
  });

  it("stops at a region that does not become ready", async () => {
    const { port, deployed } = fakeDeployment({ statuses: { "us-east-1": [503] } });
    const result = await deployEnvironment({ environment: "prod" }, port);
    expect(result).toMatchObject({ ok: false, error: expect.stringContaining("answered 503 for 5 minutes") });
    expect(deployed).toEqual(["prod-us-east-1"]);
  });

  it("does not trust the outputs of another stage", async () => {
    const { port } = fakeDeployment({ outputsOf: "ap-east-1" });
    expect(await deployEnvironment({ environment: "prod" }, port)).toMatchObject({
      error: expect.stringContaining("no API address"),
    });
  });

  it("goes on from a region, and refuses one it does not know", async () => {
    const { port, deployed } = fakeDeployment({});
    await deployEnvironment({ environment: "prod", from: "ap-south-1" }, port);
    expect(deployed).toEqual(["prod-ap-south-1", "prod-ap-east-1"]);
    expect(await deployEnvironment({ environment: "prod", from: "mars-1" }, port)).toMatchObject({
      error: expect.stringContaining("choose from us-east-1"),
    });
    expect(await deployEnvironment({ environment: "prod-eu" }, port)).toMatchObject({ ok: false });
  });
});
