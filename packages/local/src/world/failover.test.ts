/** What is done about a drain and its end by the functions themselves, in a world of four regions: by one of them, step by step. */
import { DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { GetChangeCommand, ListResourceRecordSetsCommand, Route53Client } from "@aws-sdk/client-route-53";
import { afterAll, beforeAll, expect, it } from "vitest";
import { operatorAccessKey } from "./regions.ts";
import { startTemporaryWorld, type TemporaryWorld } from "./temporary-world.ts";

const out = "eu-west-1";
/** The next of the list is the first to run. */
const runner = "ap-south-1";
const timeScale = 3;

/** ms of the world: three looks and a vote, a run that waits half a minute for Route 53, and a busy machine that makes it try again. */
const doneWithinMs = 15 * 60_000;
/** Six good looks and the hold of a first vote or a second one besides. */
const openWithinMs = doneWithinMs + 10 * 60_000;
const machineMs = (worldMs: number) => worldMs / timeScale;

let world: TemporaryWorld;
let dynamo: DynamoDBClient;
let route53: Route53Client;

beforeAll(async () => {
  world = await startTemporaryWorld({ products: 5, timeScale });
  const client = {
    endpoint: world.endpoint(runner),
    credentials: { accessKeyId: operatorAccessKey, secretAccessKey: "any" },
  };
  dynamo = new DynamoDBClient({ region: runner, ...client });
  route53 = new Route53Client({ region: "us-east-1", ...client });
}, 180_000);
afterAll(async () => {
  dynamo?.destroy();
  route53?.destroy();
  await world?.close();
});

interface Run {
  readonly outcome: string | undefined;
  readonly states: Readonly<Record<string, string | undefined>>;
  readonly notes: Readonly<Record<string, string | undefined>>;
}

/** What the runner has written down. */
async function runOf(kind: "FAILOVERS" | "RECOVERIES"): Promise<Run> {
  const { Items = [] } = await dynamo.send(
    new QueryCommand({
      TableName: "antipode-prod-Control",
      KeyConditionExpression: "pk = :pk AND sk = :sk",
      ExpressionAttributeValues: {
        ":pk": { S: `REGION#${runner}#1` },
        ":sk": { S: `${kind}#${out}#1` },
      },
    }),
  );
  const steps = Object.entries(Items[0] ?? {}).flatMap(([name, { M }]) =>
    name.startsWith("s#") && M !== undefined ? [{ step: name.slice(2), M }] : [],
  );
  return {
    outcome: Items[0]?.["outcome"]?.S,
    states: Object.fromEntries(steps.map(({ step, M }) => [step, M["state"]?.S])),
    notes: Object.fromEntries(steps.map(({ step, M }) => [step, M["note"]?.S])),
  };
}

const facts = { failover: { evidence: "done", vote: "done" }, recovery: { gates: "done" } };

const ended = (kind: keyof typeof facts) => ({
  outcome: "completed",
  states: {
    ...facts[kind],
    "data-plane": "done",
    people: "done",
    systems: "done",
    names: "done",
    "names-sync": "done",
    edge: "done",
    verify: "done",
  },
});

/** The run of that kind, once it has come so far. */
async function whenEnded(kind: keyof typeof facts, withinMs: number): Promise<Run> {
  const sk = kind === "failover" ? "FAILOVERS" : "RECOVERIES";
  await expect
    .poll(() => runOf(sk), { timeout: machineMs(withinMs), interval: 1_000 })
    .toMatchObject(ended(kind));
  return runOf(sk);
}

/** What the CDN's origins are when the step has run; a run that has tried again finds them as its first try has left them. */
const edgeNote = (order: string) => new RegExp(`: ${order}, (on its way|as they were)`);

/** Where the pair of `failover` leads, by Route 53's API. */
async function pairTargets(): Promise<readonly (string | undefined)[]> {
  const { ResourceRecordSets = [] } = await route53.send(
    new ListResourceRecordSetsCommand({
      HostedZoneId: world.plan.zones[0]?.id,
      StartRecordName: "failover.antipode.example",
      MaxItems: 2,
    }),
  );
  return ["PRIMARY", "SECONDARY"].map(
    (role) => ResourceRecordSets.find(({ Failover }) => Failover === role)?.ResourceRecords?.[0]?.Value,
  );
}

const toldOf = (subject: string) => world.messages().filter((one) => one.subject === subject);

async function isInSync(note: string | undefined): Promise<string | undefined> {
  const [Id] = /\/change\/\w+/.exec(note ?? "") ?? [];
  const { ChangeInfo } = await route53.send(new GetChangeCommand({ Id }));
  return ChangeInfo?.Status;
}

it("the next region tells people and systems of one that is lost, and lets names follow, until all is verified", {
  timeout: machineMs(doneWithinMs) + 60_000,
}, async () => {
  expect(await pairTargets()).toEqual(["us-east-1.antipode.example", `${out}.antipode.example`]);
  world.apply({ type: "down", region: out });
  const { notes } = await whenEnded("failover", doneWithinMs);
  expect(await pairTargets()).toEqual(["us-east-1.antipode.example", `${runner}.antipode.example`]);
  expect(await isInSync(notes["names-sync"])).toBe("INSYNC");
  expect(notes["edge"]).toMatch(edgeNote("alternate-first"));
  expect(notes["verify"]).toMatch(
    /^api leads to ap-south-1; failover leads to us-east-1; a read through the CDN: answered by (?!eu-west-1)/,
  );
  const [told, ...more] = toldOf(`antipode prod: ${out} is drained`);
  expect(more).toEqual([]);
  expect(told).toMatchObject({ region: runner, topic: "Alarms" });
  expect(told?.message).toMatch(/^Why: (ap-south-1|us-east-1|ap-east-1)#1: probes/m);
});

it("the same region tells of its return, and leads names back", {
  timeout: machineMs(openWithinMs) + 60_000,
}, async () => {
  world.apply({ type: "up", region: out });
  const { notes } = await whenEnded("recovery", openWithinMs);
  expect(await pairTargets()).toEqual(["us-east-1.antipode.example", `${out}.antipode.example`]);
  expect(await isInSync(notes["names-sync"])).toBe("INSYNC");
  expect(notes["edge"]).toMatch(edgeNote("nearest-first"));
  expect(notes["gates"]).toContain("replication to it is caught up");
  expect(toldOf(`antipode prod: ${out} is open again`)).toMatchObject([{ region: runner, topic: "Alarms" }]);
  const told = world.messages().filter(({ subject }) => subject?.startsWith("antipode prod: "));
  expect(told.map(({ region }) => region)).toEqual([runner, runner]); // however many regions have tried
  expect(world.warnings.filter((line) => /AccessDenied|not authorized/.test(line))).toEqual([]);
});
