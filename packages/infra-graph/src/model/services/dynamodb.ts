import { isJsonObject } from "../../monitor/plain.ts";
import type { ModelContext, ProviderOutputs, ResourceModels } from "../model.ts";

// AWS labels a stream with its creation time; one label for all makes a stream's ARN follow from its table's.
const streamLabel = "2026-01-01T00:00:00.000";

function tableOutputs(context: ModelContext): ProviderOutputs {
  const { inputs } = context;
  const name = context.auto("name");
  const arnIn = (region: string): string => context.arn("dynamodb", `table/${name}`, { region });
  const streamIn = (region: string): string => `${arnIn(region)}/stream/${streamLabel}`;
  const replicas = Array.isArray(inputs["replicas"]) ? inputs["replicas"].filter(isJsonObject) : [];
  const streams = inputs["streamEnabled"] === true || replicas.length > 0;
  return {
    id: name,
    name,
    arn: arnIn(context.region),
    streamEnabled: streams,
    streamArn: streams ? streamIn(context.region) : "",
    streamLabel: streams ? streamLabel : "",
    ...(replicas.length > 0 && {
      replicas: replicas.map((replica) => {
        const region = String(replica["regionName"]);
        return { ...replica, arn: arnIn(region), streamArn: streamIn(region), streamLabel };
      }),
    }),
  };
}

export const dynamodbModels: ResourceModels = {
  "aws:dynamodb/table:Table": {
    outputs: tableOutputs,
    inputs: [
      "name",
      "attributes",
      "hashKey",
      "rangeKey",
      "globalSecondaryIndexes",
      "localSecondaryIndexes",
      "streamEnabled",
      "streamViewType",
      "billingMode",
      "ttl",
      "replicas",
      "pointInTimeRecovery",
      "serverSideEncryption",
      "deletionProtectionEnabled",
      "tags",
    ],
    wiring: ["streamArn", "replicas"],
    // A table of another stage is read for its stream: the replica answers with its own region's.
    read: (id) => ({ name: id, streamEnabled: true }),
  },
};
