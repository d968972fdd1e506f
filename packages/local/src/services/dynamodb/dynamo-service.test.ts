import { describe, expect, it } from "vitest";
import type { ItemChange } from "../../engine/item-change.ts";
import { AwsError } from "../service.ts";
import {
  call,
  createSetClock,
  definition,
  request,
  startService,
  streamsApi,
} from "./conformance/in-process.ts";
import { createReplica } from "./replica.ts";
import { sequenceNumber } from "./stream-log.ts";

const [home, away] = ["us-east-1", "eu-west-1"] as const;
const startMs = 1_700_000_000_000;
const startS = startMs / 1000;
const key = { pk: { S: "CART#1" }, sk: { S: "R#us-east-1#1" } };
const hourMs = 3_600_000;

async function start() {
  const clock = createSetClock(startMs);
  const service = await startService([home, away], clock);
  const changes: ItemChange[] = [];
  service.onChange((change) => changes.push(change));
  const put = (more: Record<string, unknown> = {}, region: string = home) =>
    call(service, region, "PutItem", { TableName: "carts", Item: { ...key, ...more } });
  return { clock, service, changes, put };
}

describe("changes", () => {
  it("carry both images and when and where they were written", async () => {
    const { clock, changes, put } = await start();
    await put({ v: { N: "1" } });
    await put({ v: { N: "1.0" } });
    clock.set(home, startMs - hourMs);
    await put({ v: { N: "2" } });
    expect(changes).toEqual([
      {
        region: home,
        table: "carts",
        key,
        eventName: "INSERT",
        newImage: { ...key, v: { N: "1" } },
        sequenceNumber: sequenceNumber(1),
        committedAtMs: startMs,
        writtenAtMs: startMs,
        writtenIn: home,
        expired: false,
      },
      {
        region: home,
        table: "carts",
        key,
        eventName: "MODIFY",
        oldImage: { ...key, v: { N: "1" } },
        newImage: { ...key, v: { N: "2" } },
        sequenceNumber: sequenceNumber(2),
        committedAtMs: startMs - hourMs,
        writtenAtMs: startMs + 1, // later than what it replaces, although the clock went back
        writtenIn: home,
        expired: false,
      },
    ]);
  });

  it("come to in-process readers through the stream and its listener", async () => {
    const { service, put } = await start();
    const stream = service.stream(home, "carts");
    let appended = 0;
    const stop = stream.onAppend(() => {
      appended += 1;
    });
    await put({ v: { N: "1" } });
    await put({ v: { N: "2" } });
    stop();
    await put({ v: { N: "3" } });
    expect(appended).toBe(2);
    const [first, ...rest] = stream.read("", 10);
    expect(stream.read(first?.dynamodb.SequenceNumber ?? "", 10)).toEqual(rest);
    expect(stream.read("", 1)).toEqual([first]);
    expect(rest.at(-1)?.dynamodb.SequenceNumber).toBe(stream.latestSequence());
    expect(() => service.stream(home, "orders")).toThrow(AwsError);
  });
});

describe("replicated writes", () => {
  it("are applied when later, with a stream record of their own", async () => {
    const { service, changes, put } = await start();
    await put({ v: { N: "1" } });
    const write = { table: "carts", key, writtenIn: home, expired: false };
    const item = { ...key, v: { N: "1" } };
    expect(await service.applyReplicated(away, { ...write, item, writtenAtMs: startMs })).toBe("applied");
    expect(await service.applyReplicated(away, { ...write, item, writtenAtMs: startMs })).toBe("older");
    expect(await service.applyReplicated(away, { ...write, writtenAtMs: startMs - 1 })).toBe("older");
    expect(changes.at(-1)).toMatchObject({
      region: away,
      writtenIn: home,
      writtenAtMs: startMs,
      eventName: "INSERT",
    });
    expect(service.stream(away, "carts").read("", 10)).toMatchObject([
      { awsRegion: away, eventName: "INSERT" },
    ]);
  });

  it("do not bring back what was deleted later", async () => {
    const { service } = await start();
    const write = { table: "carts", key, writtenIn: home, expired: false };
    await service.applyReplicated(away, { ...write, writtenAtMs: startMs + 5 });
    expect(await service.applyReplicated(away, { ...write, item: key, writtenAtMs: startMs })).toBe("older");
    expect(service.status().map(({ items }) => items)).toEqual([0, 0]);
  });
});

describe("imports", () => {
  it("emit nothing, and are older than what is written afterwards", async () => {
    const { service, changes, put } = await start();
    const items = Array.from({ length: 500 }, (_, index) => ({
      pk: { S: `p${index}` },
      sk: { S: "s" },
      v: { N: "1.0" },
    }));
    await service.importItems(home, "carts", [...items, { ...key, v: { N: "0" } }], {
      writtenAtMs: startMs,
      writtenIn: home,
    });
    expect(changes).toEqual([]);
    expect(service.stream(home, "carts").read("", 10)).toEqual([]);
    expect(service.status()[0]).toMatchObject({ region: home, table: "carts", items: 501, streamRecords: 0 });
    const got = await call(service, home, "GetItem", {
      TableName: "carts",
      Key: { pk: { S: "p7" }, sk: { S: "s" } },
    });
    expect(got).toEqual({ Item: { pk: { S: "p7" }, sk: { S: "s" }, v: { N: "1" } } });
    await put({ v: { N: "1" } });
    expect(changes).toMatchObject([{ eventName: "MODIFY", writtenAtMs: startMs + 1 }]);
  });
});

describe("time to live", () => {
  it("deletes by the region's clock, says so at home, and replicates as a deletion", async () => {
    const { clock, service, changes, put } = await start();
    await put({ expiresAt: { N: String(startS + 60) } });
    const inserted = changes[0];
    await service.applyReplicated(away, {
      ...inserted,
      table: "carts",
      key,
      item: inserted?.newImage ?? key,
      writtenAtMs: startMs,
      writtenIn: home,
      expired: false,
    });
    expect(await service.sweepExpired(home)).toBe(0);
    clock.set(home, startMs + 60_000);
    expect(await service.sweepExpired(home)).toBe(1);
    expect(await service.sweepExpired(home)).toBe(0);
    const change = changes.at(-1);
    expect(change).toMatchObject({ region: home, eventName: "REMOVE", expired: true, writtenIn: home });
    await service.applyReplicated(away, {
      table: "carts",
      key,
      writtenAtMs: change?.writtenAtMs ?? 0,
      writtenIn: home,
      expired: true,
    });
    const last = (region: string) => service.stream(region, "carts").read("", 10).at(-1);
    expect(last(home)?.userIdentity).toEqual({ type: "Service", principalId: "dynamodb.amazonaws.com" });
    expect(last(away)).toMatchObject({ eventName: "REMOVE" });
    expect(last(away)?.userIdentity).toBeUndefined();
  });

  it("spares an item whose time was put off", async () => {
    const { clock, service, put } = await start();
    await put({ expiresAt: { N: String(startS + 60) } });
    await put({ expiresAt: { N: String(startS + 600) } });
    clock.set(home, startMs + 120_000);
    expect(await service.sweepExpired(home)).toBe(0);
    await put({});
    clock.set(home, startMs + 1_200_000);
    expect(await service.sweepExpired(home)).toBe(0);
  });

  it("keeps tombstones for seven days", () => {
    const replica = createReplica(home, definition(home), startMs);
    replica.commit(
      { table: "carts", key, oldImage: key },
      { writtenAtMs: startMs, writtenIn: home, expired: false },
      startMs,
    );
    replica.trim(startMs + 7 * 24 * hourMs);
    expect(replica.writeTime(key)).toBeDefined();
    replica.trim(startMs + 7 * 24 * hourMs + 1);
    expect(replica.writeTime(key)).toBeUndefined();
  });
});

describe("transaction tokens", () => {
  it("are forgotten after ten minutes", async () => {
    const { clock, service } = await start();
    const increment = () =>
      call(service, home, "TransactWriteItems", {
        ClientRequestToken: "token",
        ReturnConsumedCapacity: "TOTAL",
        TransactItems: [
          {
            Update: {
              TableName: "carts",
              Key: key,
              UpdateExpression: "ADD n :one",
              ExpressionAttributeValues: { ":one": { N: "1" } },
            },
          },
        ],
      });
    const count = async () => {
      const { Item } = (await call(service, home, "GetItem", { TableName: "carts", Key: key })) as {
        Item: { n: unknown };
      };
      return Item.n;
    };
    expect(await increment()).toEqual({
      ConsumedCapacity: [{ TableName: "carts", CapacityUnits: 2, WriteCapacityUnits: 2 }],
    });
    clock.set(home, startMs + 599_999);
    expect(await increment()).toEqual({
      ConsumedCapacity: [{ TableName: "carts", CapacityUnits: 2, ReadCapacityUnits: 2 }],
    });
    expect(await count()).toEqual({ N: "1" });
    clock.set(home, startMs + 600_000);
    await increment();
    expect(await count()).toEqual({ N: "2" });
  });
});

describe("stream iterators", () => {
  it("expire after 15 minutes, and records after 24 hours", async () => {
    const { clock, service, put } = await start();
    await put({ v: { N: "1" } });
    const { Streams } = (await call(service, home, "ListStreams", {}, streamsApi)) as {
      Streams: { StreamArn: string }[];
    };
    const StreamArn = Streams[0]?.StreamArn ?? "";
    const described = (await call(service, home, "DescribeStream", { StreamArn }, streamsApi)) as {
      StreamDescription: { Shards: { ShardId: string }[] };
    };
    const ShardId = described.StreamDescription.Shards[0]?.ShardId;
    const iterator = async (more: Record<string, unknown>) =>
      call(service, home, "GetShardIterator", { StreamArn, ShardId, ...more }, streamsApi);
    const { ShardIterator } = (await iterator({ ShardIteratorType: "TRIM_HORIZON" })) as {
      ShardIterator: string;
    };
    const read = () => call(service, home, "GetRecords", { ShardIterator }, streamsApi);
    expect(await read()).toMatchObject({ Records: [{ eventName: "INSERT" }] });
    clock.set(home, startMs + 15 * 60_000 + 1);
    expect(await read()).toMatchObject({ error: "ExpiredIteratorException" });
    const first = { ShardIteratorType: "AT_SEQUENCE_NUMBER", SequenceNumber: sequenceNumber(1) };
    expect(await iterator(first)).toHaveProperty("ShardIterator");
    clock.set(home, startMs + 24 * hourMs);
    expect(await iterator(first)).toMatchObject({ error: "TrimmedDataAccessException" });
    expect(await call(service, home, "GetRecords", { ShardIterator: "nonsense" }, streamsApi)).toMatchObject({
      error: "ValidationException",
    });
  });
});

describe("descriptions", () => {
  it("say what the infrastructure says", async () => {
    const { service, put } = await start();
    await put();
    const { Table } = (await call(service, home, "DescribeTable", { TableName: "carts" })) as {
      Table: object;
    };
    expect(Table).toMatchObject({
      TableArn: definition(home).arn,
      TableStatus: "ACTIVE",
      ItemCount: 1,
      GlobalTableVersion: "2019.11.21",
      Replicas: [{ RegionName: away, ReplicaStatus: "ACTIVE" }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
      LatestStreamArn: definition(home).stream?.arn,
      DeletionProtectionEnabled: true,
    });
    expect(await call(service, home, "DescribeTimeToLive", { TableName: "carts" })).toEqual({
      TimeToLiveDescription: { TimeToLiveStatus: "ENABLED", AttributeName: "expiresAt" },
    });
    expect(await call(service, home, "DescribeContinuousBackups", { TableName: "carts" })).toMatchObject({
      ContinuousBackupsDescription: {
        PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: "ENABLED" },
      },
    });
    expect(await call(service, home, "ListTagsOfResource", { ResourceArn: definition(home).arn })).toEqual({
      Tags: [{ Key: "environment", Value: "test" }],
    });
    expect(await call(service, home, "ListTables", {})).toEqual({ TableNames: ["carts"] });
    expect(await call(service, home, "DescribeTable", { TableName: "orders" })).toMatchObject({
      error: "ResourceNotFoundException",
    });
  });

  it("cannot be changed here, and other operations are unknown", async () => {
    const { service } = await start();
    for (const operation of [
      "CreateTable",
      "UpdateTable",
      "DeleteTable",
      "UpdateTimeToLive",
      "TagResource",
    ]) {
      expect(await call(service, home, operation, { TableName: "carts" })).toMatchObject({
        error: "AccessDeniedException",
      });
    }
    for (const [operation, api] of [
      ["ExecuteStatement", undefined],
      ["GetItem", streamsApi],
      ["GetItem", "S3"],
    ] as const) {
      expect(await call(service, home, operation, { TableName: "carts" }, api)).toMatchObject({
        error: "UnknownOperationException",
        status: 400,
      });
    }
    const broken = await service.handle({ ...request(home, "GetItem", {}), body: Buffer.from("{") });
    expect(JSON.parse(broken.body.toString())).toMatchObject({
      __type: "com.amazon.coral.service#SerializationException",
    });
  });
});

describe("faults", () => {
  it("are asked before a call is carried out", async () => {
    const asked: unknown[] = [];
    const service = await startService([home], createSetClock(startMs), {
      check(region, operation, table) {
        asked.push([region, operation, table]);
        if (operation !== "PutItem") return undefined;
        return new AwsError("ProvisionedThroughputExceededException", "throttled on purpose");
      },
    });
    const answer = await call(service, home, "PutItem", { TableName: "carts", Item: key });
    expect(answer).toMatchObject({
      error: "ProvisionedThroughputExceededException",
      message: "throttled on purpose",
    });
    expect(await call(service, home, "GetItem", { TableName: "carts", Key: key })).toEqual({});
    await call(service, home, "ListTables", {});
    expect(asked).toEqual([
      [home, "PutItem", "carts"],
      [home, "GetItem", "carts"],
      [home, "ListTables", undefined],
    ]);
  });
});
