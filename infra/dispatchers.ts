/**
 * One dispatcher per global table and region: the only reader of that replica's stream. It sees local writes and
 * replicated ones alike, so each region keeps its own views without being told by another.
 */
import { deploymentLink } from "./deployment.ts";
import { failedBatches } from "./failed-batches.ts";
import { leadingKeys, regionalFunction } from "./function.ts";
import { orderKeeping, readControl } from "./selling.ts";
import { globalTables, regionalTables } from "./tables.ts";

const { Conflicts, Views } = regionalTables;

type TableName = keyof typeof globalTables;
type Permissions = Parameters<typeof regionalFunction>[1]["permissions"];

interface Dispatcher {
  description: string;
  /** Beyond reading the stream and filing what failed. */
  permissions: Permissions;
  link: unknown[];
}

/** What it takes to bring a product's view, offers and conflicts up to what the region's replica holds. */
export const viewKeeping: Pick<Dispatcher, "permissions" | "link"> = {
  permissions: [
    {
      actions: ["dynamodb:Query"],
      resources: [globalTables.Catalog.arn],
      conditions: leadingKeys("PRODUCT#"),
    },
    {
      // A view and its offers are written in one transaction; the check holds what does not fit to the view.
      actions: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:ConditionCheckItem"],
      resources: [Views.arn],
      conditions: leadingKeys("PRODUCT#", "OFFER#"),
    },
    { actions: ["dynamodb:PutItem"], resources: [Conflicts.arn], conditions: leadingKeys("CONFLICT#") },
  ],
  link: [globalTables.Catalog.link, Views, Conflicts],
};

const dispatchers: Record<TableName, Dispatcher> = {
  Catalog: {
    description: "Merges a product's edits into this region's view and offers, and feeds its conflicts",
    ...viewKeeping,
  },
  Carts: {
    description: "Checks cart items as they arrive and measures their lag",
    permissions: [],
    link: [],
  },
  Stock: {
    description: "Takes over and grants stock rights, asks for them, and keeps the region's availability",
    permissions: [
      {
        actions: ["dynamodb:Query", "dynamodb:UpdateItem"],
        resources: [globalTables.Stock.arn],
        conditions: leadingKeys("SKU#"),
      },
      readControl,
      {
        actions: ["dynamodb:GetItem", "dynamodb:PutItem"],
        resources: [Views.arn],
        conditions: leadingKeys("SKU#"),
      },
    ],
    link: [globalTables.Stock.link, globalTables.Control.link, Views],
  },
  Orders: {
    description: "Brings this region's orders forward when another region has said something of them",
    permissions: orderKeeping.permissions,
    link: orderKeeping.link,
  },
  Control: {
    description: "Answers other regions' heartbeats, and measures how long their rounds took to arrive",
    permissions: [
      {
        actions: ["dynamodb:Query", "dynamodb:UpdateItem"],
        resources: [globalTables.Control.arn],
        conditions: leadingKeys("REGION#"),
      },
      {
        actions: ["dynamodb:GetItem", "dynamodb:PutItem"],
        resources: [Views.arn],
        conditions: leadingKeys("LAG#"),
      },
    ],
    link: [globalTables.Control.link, Views],
  },
};

/** By table, what reads its stream. */
export const streams: Partial<Record<TableName, aws.lambda.EventSourceMapping>> = {};

function createDispatcher(table: TableName) {
  const { description, permissions, link } = dispatchers[table];
  const streamArn = globalTables[table].streamArn;
  const name = `${table}Dispatcher`;
  const dispatcher = regionalFunction(name, {
    handler: `packages/functions/src/dispatcher/${table.toLowerCase()}/handler.handler`,
    description,
    link: [deploymentLink, ...link],
    permissions: [
      {
        actions: [
          "dynamodb:DescribeStream",
          "dynamodb:GetRecords",
          "dynamodb:GetShardIterator",
          "dynamodb:ListStreams",
        ],
        resources: [streamArn],
      },
      { actions: ["s3:PutObject"], resources: [$interpolate`${failedBatches.arn}/aws/lambda/*`] },
      { actions: ["s3:ListBucket"], resources: [failedBatches.arn] },
      ...permissions,
    ],
    timeout: "30 seconds",
    memory: "512 MB",
  });
  streams[table] = new aws.lambda.EventSourceMapping(`${name}Stream`, {
    eventSourceArn: streamArn,
    functionName: dispatcher.arn,
    // Items are deleted only where nobody can write them any more, so a deletion is nobody's news.
    filterCriteria: { filters: [{ pattern: JSON.stringify({ eventName: ["INSERT", "MODIFY"] }) }] },
    startingPosition: "TRIM_HORIZON", // reads what the stream still has; what is older, backfill.ts brings in
    batchSize: 100,
    functionResponseTypes: ["ReportBatchItemFailures"],
    bisectBatchOnFunctionError: true,
    maximumRetryAttempts: 8, // past a passing fault of the store, short of holding up the shard for its sake
    maximumRecordAgeInSeconds: 82_800, // 23 hours: what is older is filed before the stream forgets it
    destinationConfig: { onFailure: { destinationArn: failedBatches.arn } },
    metricsConfig: { metrics: ["EventCount"] }, // how many records were filed: no other metric of a bucket is in time
  });
  return dispatcher;
}

export const dispatcherFunctions = (Object.keys(dispatchers) as TableName[]).map(createDispatcher);
