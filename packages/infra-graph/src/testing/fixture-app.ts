import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

export interface FixtureApp {
  /** Path of its sst.config.ts. */
  readonly config: string;
  remove(): void;
}

export interface FixtureParts {
  /** Statements of `run()`; the whole fixture below without it. */
  readonly run?: string;
  /** Statements of `app()` before it returns. */
  readonly app?: string;
  /** Further files, or other contents for the fixture's own. */
  readonly files?: Readonly<Record<string, string>>;
}

/** An app of two regions with what the real one is made of: see the tests for what becomes of it. */
export const fixtureRun = `
  const regions = ["us-east-1", "eu-west-1"];
  const dash = $app.stage.indexOf("-");
  const environment = $app.stage.slice(0, dash);
  const region = $app.stage.slice(dash + 1);
  const home = region === regions[0];
  const alias = "alias/fixture-" + environment;
  const keys = home
    ? Object.fromEntries(regions.map((name) => {
        const key = new aws.kms.Key("Key-" + name, { region: name, description: "for " + name });
        new aws.kms.Alias("Alias-" + name, { region: name, name: alias, targetKeyId: key.keyId });
        return [name, key.arn];
      }))
    : { [region]: aws.kms.getAliasOutput({ name: alias }).targetKeyArn };
  const tableName = "fixture-" + environment + "-Orders";
  const orders = home
    ? new sst.aws.Dynamo("Orders", {
        fields: { pk: "string", sk: "string" },
        primaryIndex: { hashKey: "pk", rangeKey: "sk" },
        stream: "new-and-old-images",
        transform: { table: (table) => {
          table.name = tableName;
          table.replicas = [{ regionName: "eu-west-1", kmsKeyArn: keys["eu-west-1"] }];
          table.serverSideEncryption = { enabled: true, kmsKeyArn: keys[region] };
        } },
      })
    : sst.aws.Dynamo.get("Orders", tableName);
  const token = new sst.Secret("Token");
  const files = new sst.aws.Bucket("Files");
  const settings = new sst.Linkable("Settings", { properties: { region, limits: { items: 3, open: true } } });
  const worker = new sst.aws.Function("Worker", {
    handler: "src/worker.handler",
    link: [orders, token, files, settings],
    environment: { MODE: process.env.FIXTURE_MODE ?? "none", SHELL_MODE: process.env.SHELL_MODE ?? "none", TOKEN: token.value },
    architecture: "arm64",
    memory: "512 MB",
    timeout: "30 seconds",
    nodejs: { minify: true },
    copyFiles: [{ from: "src/words.txt", to: "texts/words.txt" }, { from: "src/texts" }],
    permissions: [{ actions: ["sqs:SendMessage"], resources: ["*"] }],
  });
  new aws.lambda.EventSourceMapping("WorkerStream", {
    eventSourceArn: orders.nodes.table.streamArn,
    functionName: worker.arn,
    startingPosition: "LATEST",
    batchSize: 10,
  });
  const api = new sst.aws.ApiGatewayV2("Api");
  api.route("$default", worker.arn);
  const elsewhere = new aws.Provider("Elsewhere", { region: "ap-south-1" });
  new aws.sns.Topic("Announcements", {}, { provider: elsewhere });
`;

const handler = "export const handler = async () => ({ statusCode: 200 });\n";

function configText({ run = fixtureRun, app = "" }: FixtureParts): string {
  return `export default $config({
  async app(input) {
    ${app}
    const region = input.stage.slice(input.stage.indexOf("-") + 1);
    return { name: "fixture", home: "aws", providers: { aws: { region, defaultTags: { tags: { team: "shop" } } } } };
  },
  async run() {${run}},
});
`;
}

/** Writes an SST app into a temporary folder; the platform it is evaluated with stays the repository's. */
export function createFixtureApp(parts: FixtureParts = {}): FixtureApp {
  const root = mkdtempSync(path.join(tmpdir(), "antipode-fixture-"));
  const contents = {
    "sst.config.ts": configText(parts),
    "src/worker.ts": handler,
    "src/words.txt": "fixture\n",
    "src/texts/more.txt": "fixture\n",
    ".env.example": "# how the fixture runs\nFIXTURE_MODE=example\n",
    ...parts.files,
  };
  for (const [file, text] of Object.entries(contents)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
  return {
    config: path.join(root, "sst.config.ts"),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
