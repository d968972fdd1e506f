/**
 * Five global tables with a replica in every region, one per aggregate so that each has its own stream, alarms and
 * permissions, and three tables that stay in their region. The home stage creates the global ones with all replicas;
 * the other stages look theirs up by name, each in its own region.
 */
import { keyArn } from "./keys.ts";
import { environmentName, stage } from "./stage.ts";

// A link should say a table's name and grant nothing: every function gets its own statements.
sst.Linkable.wrap(sst.aws.Dynamo, (table) => ({ properties: { name: table.name }, include: [] }));

const keys = {
  fields: { pk: "string", sk: "string" },
  primaryIndex: { hashKey: "pk", rangeKey: "sk" },
} as const;

const encrypted = (table: aws.dynamodb.TableArgs) => {
  table.serverSideEncryption = { enabled: true, kmsKeyArn: keyArn(stage.region) };
};

/** A global table as its region's functions see it, whoever owns it. */
interface GlobalTable {
  readonly arn: $util.Output<string>;
  readonly streamArn: $util.Output<string>;
  /** `Resource.<Name>` holds the physical name. */
  readonly link: unknown;
}

type TableOptions = Pick<Partial<sst.aws.DynamoArgs>, "ttl" | "fields" | "globalIndexes">;

function globalTable(name: string, options: TableOptions = {}): GlobalTable {
  const tableName = environmentName(name);
  const table = stage.isHome
    ? createGlobalTable(name, tableName, options).nodes.table
    : // Not `Dynamo.get`: reading a table as a resource asks every replica's region for its backups, so that no stage
      // could be deployed while another region is down. This asks the own region only.
      aws.dynamodb.getTableOutput({ name: tableName });
  return {
    arn: table.arn,
    streamArn: table.streamArn,
    link: new sst.Linkable(name, { properties: { name: tableName } }),
  };
}

function createGlobalTable(name: string, tableName: string, options: TableOptions) {
  const replicas = stage.regions
    .filter((region) => region.name !== stage.region)
    .map((region) => ({
      regionName: region.name,
      kmsKeyArn: keyArn(region.name),
      pointInTimeRecovery: true,
      deletionProtectionEnabled: stage.production,
      propagateTags: true,
    }));
  return new sst.aws.Dynamo(`Global${name}`, {
    ...keys,
    ...options,
    stream: "new-and-old-images",
    deletionProtection: stage.production,
    transform: {
      table: (table, opts) => {
        table.name = tableName;
        if (replicas.length > 0) table.replicas = replicas;
        encrypted(table);
        // A deployment asks nobody before it deletes; this makes it refuse instead.
        opts.protect = stage.production;
      },
    },
  });
}

function regionalTable(name: string, options: Partial<sst.aws.DynamoArgs> = {}) {
  return new sst.aws.Dynamo(name, {
    ...keys,
    ...options,
    deletionProtection: stage.production,
    transform: {
      table: (table) => {
        table.name = environmentName(name);
        encrypted(table);
      },
    },
  });
}

/** The shop's truth, replicated to every region. */
export const globalTables = {
  Catalog: globalTable("Catalog"),
  Carts: globalTable("Carts", { ttl: "expiresAt" }),
  Stock: globalTable("Stock", { ttl: "expiresAt" }), // deliveries; cells stay
  Orders: globalTable("Orders", {
    fields: {
      pk: "string",
      sk: "string",
      shopper: "string",
      listedAt: "string",
      openBy: "string",
      dueAt: "string",
    },
    globalIndexes: {
      // Keys alone: whoever finds an order there reads it whole, and each placement pays for both.
      byShopper: { hashKey: "shopper", rangeKey: "listedAt", projection: "keys-only" },
      byDue: { hashKey: "openBy", rangeKey: "dueAt", projection: "keys-only" },
    },
  }),
  Control: globalTable("Control"),
};

/** What one region derives for itself. A view in a global table would multiply every edit by the regions. */
export const regionalTables = {
  Views: regionalTable("Views", {
    fields: { pk: "string", sk: "string", category: "string", listKey: "string" },
    globalIndexes: { byCategory: { hashKey: "category", rangeKey: "listKey" } },
  }),
  Inbox: regionalTable("Inbox", { ttl: "expiresAt" }),
  Conflicts: regionalTable("Conflicts", { ttl: "expiresAt" }),
};
