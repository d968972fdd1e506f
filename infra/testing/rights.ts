/** Every right of every function, written down apart from infra/ so that a change of rights is seen in review. */
import { regions } from "../../packages/core/src/region/regions.ts";
import type { GraphStatement } from "../../packages/infra-graph/src/index.ts";
import { inRegion, ofType } from "./graphs.ts";

const account = "111122223333";
const table = (region: string, name: string) =>
  `arn:aws:dynamodb:${region}:${account}:table/antipode-prod-${name}`;
const tables = (regions: readonly string[], name: string) => regions.map((region) => table(region, name));
const regionNames = regions.map((region): string => region.name);
const peersOf = (region: string) => regionNames.filter((name) => name !== region);
const bucket = (region: string) => `arn:aws:s3:::antipode-prod-${region}-failed-batches-${account}`;
const lambda = (region: string, name: string) =>
  `arn:aws:lambda:${region}:${account}:function:antipode-prod-${region}-${name}`;

const allow = (actions: string[], resources: string[], ...leadingKeys: string[]): GraphStatement => ({
  effect: "Allow",
  actions,
  resources,
  ...(leadingKeys.length > 0
    ? { conditions: { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": leadingKeys } } }
    : {}),
});

const dispatching = (region: string, name: string) => [
  allow(
    ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"],
    [`${table(region, name)}/stream/2026-01-01T00:00:00.000`],
  ),
  allow(["s3:PutObject"], [`${bucket(region)}/aws/lambda/*`]),
  allow(["s3:ListBucket"], [bucket(region)]),
];

const viewKeeping = (region: string) => [
  allow(["dynamodb:Query"], [table(region, "Catalog")], "PRODUCT#*"),
  allow(
    ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:ConditionCheckItem"],
    [table(region, "Views")],
    "PRODUCT#*",
    "OFFER#*",
  ),
  allow(["dynamodb:PutItem"], [table(region, "Conflicts")], "CONFLICT#*"),
];

const cellsQuery = (region: string) => allow(["dynamodb:Query"], [table(region, "Stock")], "SKU#*");
const controlQuery = (region: string) => allow(["dynamodb:Query"], [table(region, "Control")], "REGION#*");
/** What a region says of itself and the others: its own items alone. */
const ownControl = (region: string) =>
  allow(["dynamodb:PutItem"], [table(region, "Control")], `REGION#${region}#1*`);
const controlKeeping = (region: string) =>
  allow(["dynamodb:Query", "dynamodb:UpdateItem"], [table(region, "Control")], "REGION#*");

/** Checkout and Reclaim ask other regions: their Peer function, and no other one. */
const askPeers = (region: string) =>
  allow(
    ["lambda:InvokeFunction"],
    peersOf(region).map((peer) => lambda(peer, "Peer")),
  );

/**
 * Any step of an order (functions/src/orders): facts and witnesses are put, the allocation and what it holds are updated,
 * closing checks that the log has not grown; a cart ends by its winner's, which may have to be read at home.
 */
const orderKeeping = (region: string) => [
  allow(
    ["dynamodb:Query", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:ConditionCheckItem"],
    [table(region, "Orders")],
    "ORDER#*",
  ),
  allow(["dynamodb:Query", "dynamodb:UpdateItem"], [table(region, "Carts")], "CART#*"),
  allow(["dynamodb:GetItem"], tables(peersOf(region), "Carts"), "CART#*"),
  allow(["dynamodb:UpdateItem"], [table(region, "Stock")], "SKU#*"),
];

/** A delivery is put with an update of a cell, which `orderKeeping` allows. */
const takingDeliveries = (region: string) =>
  allow(["dynamodb:Query", "dynamodb:PutItem"], [table(region, "Stock")], "DELIVERY#*");

const topic = (region: string, name: string) =>
  `arn:aws:sns:${region}:${account}:antipode-prod-${region}-${name}`;

/** What topics are encrypted by: who publishes uses it. */
const topicsKey = (region: string) => {
  const key = ofType(inRegion(region), "aws:kms/key:Key").find(({ name }) => name === "AlarmsKey");
  return allow(["kms:GenerateDataKey", "kms:Decrypt"], [key?.arn ?? "no such key"]);
};

/** The zone of the environment's domain, as the evaluation makes it up. */
const zone = "arn:aws:route53:::hostedzone/Z64E801F3578B2";

/** What a failover changes by control planes: one pair of records, and the environment's own distribution. */
const controlPlanes: readonly GraphStatement[] = [
  allow(["route53:ListResourceRecordSets"], [zone]),
  {
    ...allow(["route53:ChangeResourceRecordSets"], [zone]),
    conditions: {
      "ForAllValues:StringEquals": {
        "route53:ChangeResourceRecordSetsNormalizedRecordNames": ["failover.antipode.example"],
        "route53:ChangeResourceRecordSetsRecordTypes": ["CNAME"],
        "route53:ChangeResourceRecordSetsActions": ["UPSERT"],
      },
    },
  },
  allow(["route53:GetChange"], ["arn:aws:route53:::change/*"]),
  allow(["cloudfront:ListDistributions"], ["*"]),
  {
    ...allow(
      ["cloudfront:GetDistributionConfig", "cloudfront:UpdateDistribution"],
      [`arn:aws:cloudfront::${account}:distribution/*`],
    ),
    conditions: { StringEquals: { "aws:ResourceTag/antipode:environment": ["prod"] } },
  },
  allow(["wafv2:GetWebACL"], [`arn:aws:wafv2:us-east-1:${account}:global/webacl/antipode-prod-Firewall/*`]),
];

/** Failover and Recovery write down what they hear and do, announce it, and Lambda files for them what they fail to hear. */
const hearing = (region: string) => [
  controlQuery(region),
  allow(
    ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:ConditionCheckItem"],
    [table(region, "Control")],
    `REGION#${region}#1*`,
  ),
  allow(["sns:Publish"], [topic(region, "Alarms")]),
  topicsKey(region),
  allow(["events:PutEvents"], [`arn:aws:events:${region}:${account}:event-bus/default`]),
  ...controlPlanes,
  allow(["sqs:SendMessage"], [`arn:aws:sqs:${region}:${account}:antipode-prod-${region}-UndeliveredNews`]),
];

/** Function → region → statements. */
export const rightsOf: Readonly<Record<string, (region: string) => readonly GraphStatement[]>> = {
  Api: (region) => [
    allow(["dynamodb:GetItem"], [table(region, "Views")], "PRODUCT#*"),
    allow(["dynamodb:Query"], [`${table(region, "Views")}/index/byCategory`]),
    allow(["dynamodb:Query"], [table(region, "Views")], "LAG#*"),
    allow(["dynamodb:GetItem", "dynamodb:Query", "dynamodb:UpdateItem"], [table(region, "Carts")], "CART#*"),
    allow(["dynamodb:Query", "dynamodb:PutItem"], [table(region, "Catalog")], "PRODUCT#*"),
    allow(["dynamodb:Query", "dynamodb:PutItem"], [table(region, "Conflicts")], "CONFLICT#*"),
    controlQuery(region),
    ownControl(region),
    allow(["dynamodb:GetItem"], tables(peersOf(region), "Carts"), "CART#*"),
    allow(["dynamodb:GetItem"], tables(peersOf(region), "Catalog"), "PRODUCT#*"),
  ],
  Health: (region) => [
    allow(["dynamodb:GetItem"], [table(region, "Control")], `REGION#${region}#1*`),
    allow(["dynamodb:GetItem"], [table(region, "Views")], "PRODUCT#readiness*"),
    allow(["dynamodb:GetItem"], [table(region, "Carts")], "CART#readiness*"),
    allow(["dynamodb:Query"], [table(region, "Catalog")], "PRODUCT#readiness*"),
  ],
  Docs: () => [],
  CatalogDispatcher: (region) => [...dispatching(region, "Catalog"), ...viewKeeping(region)],
  Backfill: (region) => [
    allow(["dynamodb:Scan"], [table(region, "Catalog")]),
    ...viewKeeping(region),
    allow(["lambda:InvokeFunction"], [lambda(region, "Backfill")]),
  ],
  CartsDispatcher: (region) => dispatching(region, "Carts"),
  StockDispatcher: (region) => [
    ...dispatching(region, "Stock"),
    allow(["dynamodb:Query", "dynamodb:UpdateItem"], [table(region, "Stock")], "SKU#*"),
    controlQuery(region),
    allow(["dynamodb:GetItem", "dynamodb:PutItem"], [table(region, "Views")], "SKU#*"),
  ],
  OrdersDispatcher: (region) => [...dispatching(region, "Orders"), ...orderKeeping(region)],
  ControlDispatcher: (region) => [
    ...dispatching(region, "Control"),
    controlKeeping(region),
    allow(["dynamodb:GetItem", "dynamodb:PutItem"], [table(region, "Views")], "LAG#*"),
  ],
  Checkout: (region) => [
    ...orderKeeping(region),
    askPeers(region),
    cellsQuery(region),
    controlQuery(region),
    takingDeliveries(region),
    allow(["dynamodb:GetItem"], [table(region, "Views")], "OFFER#*"),
    allow(["dynamodb:GetItem"], [table(region, "Views")], "SKU#*"),
    allow(["dynamodb:Query"], [`${table(region, "Orders")}/index/byShopper`]),
    allow(["dynamodb:Query"], tables(peersOf(region), "Orders"), "ORDER#*"),
  ],
  Peer: (region) => [
    ...orderKeeping(region),
    cellsQuery(region),
    controlQuery(region),
    takingDeliveries(region),
    allow(["dynamodb:UpdateItem"], [table(region, "Control")], "REGION#*"),
  ],
  Heartbeat: (region) => [controlKeeping(region)],
  Prober: (region) => [
    controlQuery(region),
    ownControl(region),
    allow(["sns:Publish"], [topic(region, "Failover"), topic(region, "Recovery")]),
    topicsKey(region),
  ],
  Failover: hearing,
  Recovery: hearing,
  Repair: (region) => [
    ...orderKeeping(region),
    controlQuery(region),
    allow(["dynamodb:Query"], [`${table(region, "Orders")}/index/byDue`]),
  ],
  Reclaim: (region) => [
    controlKeeping(region),
    allow(["dynamodb:Scan"], [table(region, "Stock"), table(region, "Orders")]),
    allow(["dynamodb:Query"], [table(region, "Orders")], "ORDER#*"),
    allow(["dynamodb:Query", "dynamodb:UpdateItem"], [table(region, "Stock")], "SKU#*"),
    allow(["dynamodb:Query"], tables(peersOf(region), "Stock"), "SKU#*"),
    askPeers(region),
  ],
  Replay: (region) => [
    allow(["s3:ListBucket"], [bucket(region)]),
    allow(["s3:GetObject", "s3:DeleteObject"], [`${bucket(region)}/aws/lambda/*`]),
    allow(
      ["lambda:InvokeFunction"],
      ["Catalog", "Carts", "Stock", "Orders", "Control"].map((name) => lambda(region, `${name}Dispatcher`)),
    ),
  ],
};

/** What every function may do besides: write to its own log. */
export const ownLog = (region: string, name: string): GraphStatement =>
  allow(
    ["logs:CreateLogStream", "logs:PutLogEvents"],
    [`arn:aws:logs:${region}:${account}:log-group:/aws/lambda/antipode-prod-${region}-${name}:*`],
  );
