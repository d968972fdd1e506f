import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Evaluation, EvaluationError, evaluate } from "./evaluate.ts";
import { type Graph, type GraphResource, graphToText } from "./format.ts";
import { findDanglingLookups } from "./lookups/dangling.ts";
import { repositoryRoot as root } from "./repository-root.ts";
import { createFixtureApp, type FixtureApp, type FixtureParts } from "./testing/fixture-app.ts";

const evaluationTimeoutMs = 60_000; // some 3 s alone, several times that on busy cores

function find(graph: Graph, type: string, name: string): GraphResource {
  const found = graph.resources.find((resource) => resource.type === type && resource.name === name);
  if (!found) {
    throw new Error(
      `no ${type} "${name}" among ${graph.resources.map((resource) => resource.name).join(", ")}`,
    );
  }
  return found;
}

/** What an app made of these parts is refused for. */
async function problemsOf(parts: FixtureParts, stage = "test-us-east-1"): Promise<string> {
  const app = createFixtureApp(parts);
  try {
    await evaluate(stage, { root, config: app.config });
    return "";
  } catch (error) {
    if (error instanceof EvaluationError) {
      return error.problems.join("\n");
    }
    throw error;
  } finally {
    app.remove();
  }
}

describe("evaluating an app", { timeout: evaluationTimeoutMs }, () => {
  let app: FixtureApp;
  let home: Evaluation;
  let other: Evaluation;

  beforeAll(async () => {
    app = createFixtureApp();
    process.env["SHELL_MODE"] = "the person's own";
    home = await evaluate("test-us-east-1", { root, config: app.config });
    other = await evaluate("test-eu-west-1", { root, config: app.config, peers: [home.graph] });
  }, evaluationTimeoutMs);

  afterAll(() => {
    delete process.env["SHELL_MODE"];
    app.remove();
  });

  it("gives the same bytes again", async () => {
    const again = await evaluate("test-us-east-1", { root, config: app.config });
    expect(graphToText(again.graph)).toBe(graphToText(home.graph));
  });

  it("puts each resource in the region that its input, its provider or its stage says", () => {
    expect(find(home.graph, "aws:kms/key:Key", "Key-eu-west-1").region).toBe("eu-west-1");
    expect(find(home.graph, "aws:sns/topic:Topic", "Announcements")).toMatchObject({
      region: "ap-south-1",
      arn: expect.stringMatching(/^arn:aws:sns:ap-south-1:111122223333:Announcements-[0-9a-f]{7}$/),
    });
    expect(find(other.graph, "aws:lambda/function:Function", "WorkerFunction").region).toBe("eu-west-1");
  });

  it("wires a table's replicas to their keys and streams", () => {
    const table = find(home.graph, "aws:dynamodb/table:Table", "OrdersTable");
    expect(table.inputs).toMatchObject({
      name: "fixture-test-Orders",
      hashKey: "pk",
      streamViewType: "NEW_AND_OLD_IMAGES",
      replicas: [
        { regionName: "eu-west-1", kmsKeyArn: find(home.graph, "aws:kms/key:Key", "Key-eu-west-1").arn },
      ],
    });
    expect(table.outputs?.["replicas"]).toMatchObject([
      {
        streamArn: expect.stringMatching(
          /^arn:aws:dynamodb:eu-west-1:111122223333:table\/fixture-test-Orders\/stream\//,
        ),
      },
    ]);
  });

  it("answers another stage's look-ups from the home stage's graph", () => {
    const replicas = find(home.graph, "aws:dynamodb/table:Table", "OrdersTable").outputs?.["replicas"];
    const mapping = find(other.graph, "aws:lambda/eventSourceMapping:EventSourceMapping", "WorkerStream");
    expect(replicas).toMatchObject([{ streamArn: mapping.inputs?.["eventSourceArn"] }]);
    expect(other.graph.lookups).toMatchObject([
      { type: "aws:dynamodb/table:Table", region: "eu-west-1", key: { id: "fixture-test-Orders" } },
      { token: "aws:kms/getAlias:getAlias", region: "eu-west-1", name: "alias/fixture-test" },
    ]);
    expect(home.graph.lookups).toEqual([]);
    expect(findDanglingLookups([home.graph, other.graph])).toEqual([]);
  });

  it("joins a function with what SST was asked to build", () => {
    const worker = find(home.graph, "aws:lambda/function:Function", "WorkerFunction");
    const role = find(home.graph, "aws:iam/role:Role", "WorkerRole");
    expect(worker.function).toEqual({
      handler: "src/worker.handler",
      links: {
        Files: { name: find(home.graph, "aws:s3/bucket:Bucket", "FilesBucket").id, type: "sst.aws.Bucket" },
        Orders: { name: "fixture-test-Orders", type: "sst.aws.Dynamo" },
        Settings: { region: "us-east-1", limits: { items: 3, open: true }, type: "sst.sst.Linkable" },
        Token: { value: "[secret]", type: "sst.sst.Secret" },
      },
      environment: {
        MODE: "example",
        SHELL_MODE: "none",
        SST_RESOURCE_App: JSON.stringify({ name: "fixture", stage: "test-us-east-1" }),
        TOKEN: "[secret]",
      },
      timeoutSeconds: 30,
      memoryMb: 512,
      architecture: "arm64",
      runtime: "nodejs24.x",
      role: role.arn,
      bundle: { minify: true },
      copyFiles: [
        { from: "src/words.txt", to: "texts/words.txt" },
        { from: "src/texts", to: "src/texts" },
      ],
    });
  });

  it("keeps wiring that was computed beside a secret", () => {
    const integration = home.graph.resources.find(
      ({ type }) => type === "aws:apigatewayv2/integration:Integration",
    );
    expect(integration?.inputs?.["integrationUri"]).toBe(
      find(home.graph, "aws:lambda/function:Function", "WorkerFunction").arn,
    );
  });

  it("reads a role's policies as statements", () => {
    const { inputs } = find(home.graph, "aws:iam/role:Role", "WorkerRole");
    expect(inputs?.["statements"]).toContainEqual({
      effect: "Allow",
      actions: ["sqs:SendMessage"],
      resources: ["*"],
    });
    expect(inputs?.["trust"]).toMatchObject([
      { effect: "Allow", actions: ["sts:AssumeRole"], principals: { Service: ["lambda.amazonaws.com"] } },
    ]);
  });

  it("keeps keys, code hashes and paths of this machine out of the graph", () => {
    for (const { graph } of [home, other]) {
      const text = graphToText(graph);
      expect(text).not.toMatch(/SST_KEY|\.zip|\/tmp\//);
      expect(text).not.toContain(root);
      expect(graph.resources.filter(({ type }) => /^(sst|pulumi):/.test(type))).toEqual([]);
    }
  });

  it("has the provider's tags, the app's and SST's own", () => {
    expect(home.graph.tags).toEqual({ team: "shop", "sst:app": "fixture", "sst:stage": "test-us-east-1" });
  });

  it("knows every link for the types of Resource", () => {
    expect(Object.keys(home.links).sort()).toEqual(["Api", "Files", "Orders", "Settings", "Token", "Worker"]);
  });
});

describe("an app that cannot be evaluated", { timeout: evaluationTimeoutMs }, () => {
  it("names all resource types and provider functions that have no model", async () => {
    const problems = await problemsOf({
      run: `
        new aws.glacier.Vault("Cellar");
        new aws.qldb.Ledger("Books", { permissionsMode: "STANDARD" });
        new aws.ssm.Parameter("Image", { type: "String", value: aws.ec2.getAmiOutput({ owners: ["amazon"] }).id });`,
    });
    expect(problems).toContain('unknown resource type aws:glacier/vault:Vault ("Cellar")');
    expect(problems).toContain('unknown resource type aws:qldb/ledger:Ledger ("Books")');
    expect(problems).toContain("unknown provider function aws:ec2/getAmi:getAmi");
  });

  it("names a look-up that finds nothing", async () => {
    const problems = await problemsOf({
      run: `return { key: aws.kms.getAliasOutput({ name: "alias/nobody" }).targetKeyArn };`,
    });
    expect(problems).toContain('aws:kms/getAlias:getAlias finds no "alias/nobody" in us-east-1');
  });

  it("names a text that was made of a value that is not there", async () => {
    const problems = await problemsOf({
      run: `
        const topic = new aws.sns.Topic("News");
        new aws.ssm.Parameter("Missing", { type: "String", value: $interpolate\`owner \${topic.owner}\` });
        new aws.ssm.Parameter("Unwaited", { type: "String", value: \`topic \${topic.arn}\` });`,
    });
    expect(problems).toContain('aws:ssm/parameter:Parameter "Missing": inputs.value is "owner undefined"');
    expect(problems).toContain(
      'aws:ssm/parameter:Parameter "Unwaited": inputs.value is "topic Calling [toString]',
    );
  });

  it("does not take a program that stops half-way for a whole one", async () => {
    const problems = await problemsOf({ run: "await new Promise(() => {});" });
    expect(problems).toContain("the program stopped before its end");
  });

  it("says what an output's function threw, even when nothing waits for it", async () => {
    const lost = `$output("shelf").apply(() => { throw new Error("lost shelf"); });`;
    expect(await problemsOf({ run: lost })).toContain("lost shelf");
  });

  it("names two resources with one name", async () => {
    const twice = `new aws.sns.Topic("News"); new aws.sns.Topic("News");`;
    expect(await problemsOf({ run: twice })).toContain(
      'Duplicate resource: there are two of type aws:sns/topic:Topic with the name "News"',
    );
  });

  it("names a handler that is missing, and one that is not exported", async () => {
    const problems = await problemsOf({
      run: `
        new sst.aws.Function("Gone", { handler: "src/gone.handler" });
        new sst.aws.Function("Misnamed", { handler: "src/worker.handle" });`,
    });
    expect(problems).toContain('function "Gone": handler not found: src/gone.handler');
    expect(problems).toContain('function "Misnamed": src/worker.ts has no export "handle"');
  });

  it("names a file that is to be copied and is missing", async () => {
    const run = `new sst.aws.Function("Bare", { handler: "src/worker.handler", copyFiles: [{ from: "src/gone.txt" }] });`;
    expect(await problemsOf({ run })).toMatch(/no such file.*src\/gone\.txt/);
  });

  it("says where the infrastructure threw", async () => {
    const problems = await problemsOf({
      run: `await import("./infra/broken.ts");`,
      files: { "infra/broken.ts": `export const fine = 1;\nthrow new Error("no such shelf");\n` },
    });
    expect(problems).toMatch(/infra\/broken\.ts:\d+: no such shelf/);
  });

  it("says what app() threw", async () => {
    expect(await problemsOf({ app: `throw new Error("not this stage");` })).toMatch(/not this stage/);
  });

  it("refuses imports at the top of sst.config.ts, as SST does", async () => {
    const config = `import path from "node:path";\nexport default $config({ app: () => ({ name: path.sep }), async run() {} });`;
    expect(await problemsOf({ files: { "sst.config.ts": config } })).toContain(
      'imports "node:path" at its top',
    );
  });

  it("says where the sources do not parse", async () => {
    expect(await problemsOf({ run: "const = 1;" })).toMatch(/sst\.config\.ts:\d+/);
  });

  it("refuses what is no stage", async () => {
    expect(await problemsOf({}, "test-mars-1")).toContain("not a stage");
  });
});
