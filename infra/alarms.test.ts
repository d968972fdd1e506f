/** Alarms: what each one says, who hears of it, and that each says what to do. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { evidenceAlarms, evidenceOf } from "../packages/core/src/votes/evidence.ts";
import { type Graph, type GraphResource, repositoryRoot } from "../packages/infra-graph/src/index.ts";
import { graphOf, input, inRegion, ofType, regionNames, stages } from "./testing/graphs.ts";

const runbooks = "docs/operating/runbooks";
const metricAlarms = (graph: Graph) => ofType(graph, "aws:cloudwatch/metricAlarm:MetricAlarm");
const composites = (graph: Graph) => ofType(graph, "aws:cloudwatch/compositeAlarm:CompositeAlarm");
const runbookOf = (alarm: GraphResource) =>
  /^.*\. Runbook: docs\/operating\/runbooks\/([a-z-]+)\.md$/.exec(
    String(input(alarm, "alarmDescription")),
  )?.[1];
const partner: Readonly<Record<string, string>> = {
  "us-east-1": "eu-west-1",
  "eu-west-1": "us-east-1",
  "ap-south-1": "ap-east-1",
  "ap-east-1": "ap-south-1",
};

type Says = readonly [above: ">" | "<", threshold: number, minutes: number, bad: number, silence: string];
const counts = (minutes: number, bad = minutes): Says => [">", 0, minutes, bad, "notBreaching"];

/** What the alarms of every stage say, written down apart from infra/, by who hears of them. */
const people: Readonly<Record<string, Says>> = {
  OrdersOverdue: [">", 0, 5, 5, "breaching"],
  PaymentsUnmatched: [">", 0, 1, 1, "ignore"],
  OrdersPaidTwice: counts(1),
  RefundsFailed: counts(1),
  LeaseShort: ["<", 21_600, 5, 5, "breaching"],
};
const functions: Readonly<Record<string, Says>> = {
  ApiErrors: [">", 5, 3, 2, "notBreaching"],
  ApiLatency: [">", 2_000, 4, 3, "notBreaching"],
  ShopThrottles: [">", 5, 3, 2, "notBreaching"],
  TableErrors: [">", 5, 3, 2, "notBreaching"],
};
const work: Readonly<Record<string, Says>> = {
  HeartbeatErrors: counts(3),
  ProberErrors: counts(3),
  RepairErrors: counts(3),
  HealthErrors: [">", 5, 5, 3, "notBreaching"],
  ProberSilent: ["<", 1, 3, 3, "breaching"],
  OperatorFunctionErrors: counts(3, 1),
  BackfillStopped: counts(1),
  BackgroundThrottles: counts(6, 5),
  DispatcherErrors: counts(5, 3),
  CatalogDispatcherBehind: [">", 60_000, 5, 5, "notBreaching"],
  CartsDispatcherBehind: [">", 60_000, 5, 5, "notBreaching"],
  StockDispatcherBehind: [">", 60_000, 5, 5, "notBreaching"],
  OrdersDispatcherBehind: [">", 60_000, 5, 5, "notBreaching"],
  ControlDispatcherBehind: [">", 60_000, 5, 5, "breaching"],
  BatchesFailed: counts(3, 1),
  TableThrottles: [">", 100, 6, 5, "notBreaching"],
  NewsErrors: counts(3, 2),
  EventsDropped: counts(3, 1),
  RulesFailing: counts(3, 1),
  NewsUndelivered: counts(1),
  FailoverPending: counts(20),
};
const shopFunctions: Readonly<Record<string, Says>> = { ShopFunctionErrors: [">", 5, 5, 3, "notBreaching"] };
const peerSays = (peers: readonly string[]): Readonly<Record<string, Says>> =>
  Object.fromEntries(
    peers.flatMap((peer) => [
      [`PeerFailing-${peer}`, [">", 0.5, 3, 3, "notBreaching"]],
      [`ReplicationSlow-${peer}`, [">", 30_000, 5, 5, "breaching"]],
    ]),
  );

describe.each(stages)("the alarms of %s", (stage) => {
  const graph = graphOf(stage);
  const isPersonal = !stage.includes("-");
  const peers = isPersonal ? [] : regionNames.filter((name) => name !== graph.region);
  const alarms = metricAlarms(graph);
  const pages = composites(graph);
  const topicArn = (name: string) =>
    ofType(graph, "aws:sns/topic:Topic").find((topic) => topic.name === name)?.arn;
  const isClosed = ({ name }: GraphResource) => name === "RegionClosed";

  it("are these", () => {
    const found = alarms.map((alarm): [string, Says] => [
      alarm.name,
      [
        input(alarm, "comparisonOperator") === "GreaterThanThreshold" ? ">" : "<",
        Number(input(alarm, "threshold")),
        Number(input(alarm, "evaluationPeriods")),
        Number(input(alarm, "datapointsToAlarm")),
        String(input(alarm, "treatMissingData")),
      ],
    ]);
    expect(Object.fromEntries(found)).toEqual({
      ...people,
      ...functions,
      ...work,
      ...shopFunctions,
      ...peerSays(peers),
      ...(isPersonal ? {} : { RegionClosed: ["<", 1, 2, 2, "breaching"] }),
    });
    for (const alarm of alarms) {
      expect(["GreaterThanThreshold", "LessThanThreshold"]).toContain(input(alarm, "comparisonOperator"));
      expect(input(alarm, "name") ?? input(alarm, "alarmName")).toMatch(
        new RegExp(`^antipode-(me-)?[a-z]+-${graph.region}-${alarm.name}$`),
      );
    }
  });

  it("that fill in what is missing can do without their newest minute, which may have no data yet", () => {
    const filling = alarms.filter((alarm) =>
      JSON.stringify(input(alarm, "metricQueries"))?.includes("FILL("),
    );
    expect(filling.map(({ name }) => name)).toEqual(expect.arrayContaining(["ApiErrors", "BatchesFailed"]));
    for (const alarm of filling) {
      const minutes = Number(input(alarm, "evaluationPeriods"));
      expect(input(alarm, "datapointsToAlarm"), alarm.name).toBeLessThan(minutes);
    }
  });

  it("name a runbook that exists and is listed for them", () => {
    const list = readFileSync(path.join(repositoryRoot, runbooks, "README.md"), "utf8").split("\n");
    for (const alarm of [...alarms, ...pages]) {
      const runbook = runbookOf(alarm);
      expect(runbook, alarm.name).toBeDefined();
      expect(existsSync(path.join(repositoryRoot, runbooks, `${runbook}.md`)), runbook).toBe(true);
      const listed = alarm.name.replace(/-[a-z]+-[a-z]+-\d$/, "-*");
      const rows = list.filter((line) => line.startsWith("|") && line.includes(`\`${listed}\``));
      expect(rows, alarm.name).toEqual([expect.stringContaining(`(${runbook}.md)`)]);
    }
  });

  it("wake people by one page for one fault, and tell the functions what is evidence", () => {
    const told = (alarm: GraphResource) => [
      input(alarm, "alarmActions"),
      input(alarm, "okActions"),
      input(alarm, "insufficientDataActions"),
    ];
    const byPeople = [[topicArn("Alarms")], [topicArn("Alarms")], undefined];
    const byFunctions = [[topicArn("Failover")], [topicArn("Recovery")], [topicArn("Recovery")]];
    const homePartner = graph.region === partner["us-east-1"] && !isPersonal ? ["PeerFailing-us-east-1"] : [];
    for (const alarm of alarms.filter((one) => !isClosed(one))) {
      const isPage = [...Object.keys(people), ...homePartner].includes(alarm.name);
      const expected = alarm.name in functions ? byFunctions : isPage ? byPeople : Array(3).fill(undefined);
      expect(told(alarm), alarm.name).toEqual(expected);
      expect(input(alarm, "actionsEnabled"), alarm.name).not.toBe(false);
      expect(alarm.region).toBe(graph.region);
    }
    for (const page of pages) expect(told(page), page.name).toEqual(byPeople);
  });

  it("that tell people of nothing by themselves are in one page's rule each", () => {
    const rules = Object.fromEntries(
      pages.map((page) => [
        page.name,
        [
          ...String(input(page, "alarmRule")).matchAll(
            /ALARM\("antipode-(?:me-)?[a-z]+-([a-z]+-[a-z]+-\d)-([^"]+)"\)/g,
          ),
        ]
          .filter(([, region]) => region === graph.region)
          .map(([, , name]) => name),
      ]),
    );
    const own = peers.filter((peer) => partner[peer] === graph.region);
    expect(rules).toEqual({
      RegionUnwell: [...Object.keys(functions), ...Object.keys(shopFunctions)],
      WorkBehind: Object.keys(work),
      ...(isPersonal
        ? {}
        : { ReplicationBehind: own.flatMap((peer) => [`ReplicationSlow-${peer}`, `PeerFailing-${peer}`]) }),
    });
    const all = Object.values(rules).flat();
    expect(new Set(all).size).toBe(all.length);
  });

  it("hold back what follows from a region that is unwell", () => {
    const nameOf = (name: string) => {
      const page = pages.find((one) => one.name === name);
      return page && input(page, "alarmName");
    };
    for (const page of pages) {
      expect(input(page, "actionsSuppressor"), page.name).toEqual(
        page.name === "WorkBehind"
          ? { alarm: nameOf("RegionUnwell"), waitPeriod: 120, extensionPeriod: 300 }
          : undefined,
      );
    }
  });

  it("by which regions vote are those that the code takes for evidence, and no other", () => {
    expect(Object.keys(functions)).toEqual([...evidenceAlarms]);
    const environment = isPersonal ? `me-${stage}` : "prod";
    for (const alarm of [...alarms, ...pages]) {
      const name = String(input(alarm, "name") ?? input(alarm, "alarmName"));
      const { region } = alarm;
      expect(evidenceOf(name, { environment, region }), name).toBe(
        alarm.name in functions ? alarm.name : undefined,
      );
    }
  });
});

describe("every region", () => {
  it("has one other region that tells people when writes to it come late", () => {
    const told = regionNames.flatMap((region) =>
      composites(inRegion(region))
        .filter(({ name }) => name === "ReplicationBehind")
        .flatMap((page) => [...String(input(page, "alarmRule")).matchAll(/-ReplicationSlow-([a-z0-9-]+)/g)])
        .map(([, of]) => of),
    );
    expect(told.sort()).toEqual([...regionNames].sort());
  });

  it("is watched by Route 53 where its metrics are, and people are told by a topic of that region", () => {
    for (const region of regionNames) {
      const closed = metricAlarms(inRegion(region)).find(({ name }) => name === "RegionClosed");
      const check = ofType(inRegion(region), "aws:route53/healthCheck:HealthCheck").find(
        ({ name }) => name === `Open-${region}`,
      );
      const topic = ofType(inRegion("us-east-1"), "aws:sns/topic:Topic").find(
        ({ name }) => name === "Alarms",
      );
      expect(closed?.region).toBe("us-east-1");
      expect(closed?.inputs).toMatchObject({
        namespace: "AWS/Route53",
        metricName: "HealthCheckStatus",
        dimensions: { HealthCheckId: check?.id },
        statistic: "Minimum",
        alarmActions: [topic?.arn],
        okActions: [topic?.arn],
      });
    }
  });
});
