/** Every right of every function, written down apart from infra/ so that a change of rights is seen in review. */
import { regions } from "../../packages/core/src/region/regions.ts";
import type { GraphStatement } from "../../packages/infra-graph/src/index.ts";

const account = "111122223333";
const table = (region: string, name: string) =>
  `arn:aws:dynamodb:${region}:${account}:table/antipode-prod-${name}`;
const tables = (regions: readonly string[], name: string) => regions.map((region) => table(region, name));
const regionNames = regions.map((region): string => region.name);
const peersOf = (region: string) => regionNames.filter((name) => name !== region);
const bucket = (region: string) => `arn:aws:s3:::antipode-prod-${region}-failed-batches-${account}`;
const lambda = (region: string, name: string) =>
  `arn:aws:lambda:${region}:${account}:function:antipode-prod-${region}-${name}`;

const allow = (actions: string[], resources: string[], leadingKeys?: string): GraphStatement => ({
  effect: "Allow",
  actions,
  resources,
  ...(leadingKeys
    ? { conditions: { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": [leadingKeys] } } }
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
  allow(["dynamodb:GetItem", "dynamodb:PutItem"], [table(region, "Views")], "PRODUCT#*"),
  allow(["dynamodb:PutItem"], [table(region, "Conflicts")], "CONFLICT#*"),
];

/** Function → region → statements. */
export const rightsOf: Readonly<Record<string, (region: string) => readonly GraphStatement[]>> = {
  Api: (region) => [
    allow(["dynamodb:GetItem"], [table(region, "Views")]),
    allow(["dynamodb:Query"], [`${table(region, "Views")}/index/byCategory`]),
    allow(["dynamodb:GetItem", "dynamodb:Query", "dynamodb:UpdateItem"], [table(region, "Carts")], "CART#*"),
    allow(["dynamodb:Query", "dynamodb:PutItem"], [table(region, "Catalog")], "PRODUCT#*"),
    allow(["dynamodb:Query", "dynamodb:PutItem"], [table(region, "Conflicts")], "CONFLICT#*"),
    allow(["dynamodb:GetItem"], tables(peersOf(region), "Carts"), "CART#*"),
    allow(["dynamodb:GetItem"], tables(peersOf(region), "Catalog"), "PRODUCT#*"),
  ],
  Docs: () => [],
  CatalogDispatcher: (region) => [...dispatching(region, "Catalog"), ...viewKeeping(region)],
  Backfill: (region) => [
    allow(["dynamodb:Scan"], [table(region, "Catalog")]),
    ...viewKeeping(region),
    allow(["lambda:InvokeFunction"], [lambda(region, "Backfill")]),
  ],
  CartsDispatcher: (region) => dispatching(region, "Carts"),
  StockDispatcher: (region) => dispatching(region, "Stock"),
  OrdersDispatcher: (region) => dispatching(region, "Orders"),
  ControlDispatcher: (region) => dispatching(region, "Control"),
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
