import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import {
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
  type _Record as Record_,
  type ShardIteratorType,
} from "@aws-sdk/client-dynamodb-streams";
import { describe, expect, it } from "vitest";
import { type Attributes, newKey, num, put, refusal, text } from "./calls.ts";
import { type ConformanceContext, home, other } from "./world.ts";

const table = "streamed";
/** DynamoDB Local shows a record some 30 ms after its write, and now and then much later. */
const visibleMaxMs = 10_000;
const pollMs = 20;

export function describeStreams({ world, differences }: ConformanceContext): void {
  const client = () => world().tables(home);

  async function arnOf(region: string, name: string): Promise<string> {
    const { Streams = [] } = await world()
      .streams(region)
      .send(new ListStreamsCommand({ TableName: name }));
    expect(Streams).toMatchObject([{ TableName: name }]);
    return Streams[0]?.StreamArn ?? "";
  }

  async function shardOf(region: string, name: string) {
    const StreamArn = await arnOf(region, name);
    const { StreamDescription } = await world()
      .streams(region)
      .send(new DescribeStreamCommand({ StreamArn }));
    const shard = StreamDescription?.Shards?.at(-1);
    return { StreamArn, ShardId: shard?.ShardId ?? "", StreamDescription };
  }

  async function iterator(
    type: ShardIteratorType,
    SequenceNumber?: string,
    name: string = table,
  ): Promise<string> {
    const { StreamArn, ShardId } = await shardOf(home, name);
    const { ShardIterator } = await world()
      .streams(home)
      .send(new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: type, SequenceNumber }));
    return ShardIterator ?? "";
  }

  /** Reads on until so many records came. */
  async function take(
    from: string,
    count: number,
    maxMs = visibleMaxMs,
  ): Promise<{ records: Record_[]; next: string }> {
    const records: Record_[] = [];
    const startedAt = performance.now();
    let next = from;
    while (records.length < count && performance.now() - startedAt < maxMs) {
      const answer = await world()
        .streams(home)
        .send(new GetRecordsCommand({ ShardIterator: next }));
      records.push(...(answer.Records ?? []));
      next = answer.NextShardIterator ?? "";
      if ((answer.Records ?? []).length === 0) await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
    return { records, next };
  }

  describe("streams", () => {
    it("are described", async () => {
      const { StreamArn, ShardId, StreamDescription } = await shardOf(home, table);
      expect(StreamArn).toMatch(
        new RegExp(`^arn:aws:dynamodb:${differences.streamRegion(home)}:\\d{12}:table/${table}/stream/`),
      );
      expect(ShardId).toMatch(/^shardId-\d{20}-[0-9a-f]{8}$/);
      expect(StreamDescription).toMatchObject({
        StreamStatus: "ENABLED",
        StreamViewType: "NEW_AND_OLD_IMAGES",
        TableName: table,
        KeySchema: [
          { AttributeName: "pk", KeyType: "HASH" },
          { AttributeName: "sk", KeyType: "RANGE" },
        ],
      });
      expect(StreamDescription?.Shards?.[0]?.SequenceNumberRange?.StartingSequenceNumber).toMatch(
        /^\d{21,40}$/,
      );
      expect(await arnOf(other, table)).toContain(`:${differences.streamRegion(other)}:`);
    });

    it("record each change, in order, with both images", async () => {
      const start = await iterator("LATEST");
      const key = newKey();
      const startedAtMs = Date.now();
      await put(client(), table, { ...key, v: num("1.0") });
      await client().send(
        new UpdateItemCommand({
          TableName: table,
          Key: key,
          UpdateExpression: "SET v = v + :one, s = :s",
          ExpressionAttributeValues: { ":one": num(1), ":s": { SS: ["a"] } },
        }),
      );
      await client().send(new DeleteItemCommand({ TableName: table, Key: key }));
      const { records } = await take(start, 3);
      const [first, second] = [
        { ...key, v: num(1) },
        { ...key, v: num(2), s: { SS: ["a"] } },
      ];
      const common = { Keys: key, StreamViewType: "NEW_AND_OLD_IMAGES" };
      expect(records).toMatchObject([
        { eventName: "INSERT", dynamodb: { ...common, NewImage: first } },
        { eventName: "MODIFY", dynamodb: { ...common, OldImage: first, NewImage: second } },
        { eventName: "REMOVE", dynamodb: { ...common, OldImage: second } },
      ]);
      expect(records[0]?.dynamodb?.OldImage).toBeUndefined();
      expect(records[2]?.dynamodb?.NewImage).toBeUndefined();
      const unitMs = differences.creationTime === "minute" ? 60_000 : 1000;
      for (const record of records) {
        expect(record).toMatchObject({
          eventSource: "aws:dynamodb",
          eventVersion: "1.1",
          awsRegion: differences.streamRegion(home),
        });
        expect(record.userIdentity).toBeUndefined();
        expect(record.eventID).toMatch(/^[0-9a-f-]{32,36}$/);
        const createdAtMs = record.dynamodb?.ApproximateCreationDateTime?.getTime() ?? 0;
        expect(createdAtMs % unitMs).toBe(0);
        expect(createdAtMs).toBeGreaterThan(startedAtMs - unitMs);
        expect(record.dynamodb?.SizeBytes).toBeGreaterThan(0);
      }
      const numbers = records.map((record) => record.dynamodb?.SequenceNumber ?? "");
      expect([...numbers].sort()).toEqual(numbers);
      expect(new Set(numbers).size).toBe(3);
    });

    it("do not record what changes nothing", async () => {
      const start = await iterator("LATEST");
      const key = newKey();
      await put(client(), table, { ...key, v: num(1), s: { SS: ["a", "b"] } });
      await put(client(), table, { ...key, v: num("1.0"), s: { SS: ["b", "a"] } });
      await client().send(
        new UpdateItemCommand({ TableName: table, Key: key, UpdateExpression: "REMOVE nope" }),
      );
      await client().send(new DeleteItemCommand({ TableName: table, Key: newKey() }));
      await put(client(), table, { ...key, v: num(2) });
      const { records } = await take(start, 2);
      expect(records.map((record) => record.eventName)).toEqual(["INSERT", "MODIFY"]);
      expect(records[1]?.dynamodb?.NewImage?.["v"]).toEqual(num(2));
    });

    it("record batches and transactions item by item, and nothing of a cancelled one", async () => {
      const start = await iterator("LATEST");
      const [a, b, c, d] = [newKey(), newKey(), newKey(), newKey()];
      await client().send(
        new BatchWriteItemCommand({
          RequestItems: { [table]: [{ PutRequest: { Item: a } }, { PutRequest: { Item: b } }] },
        }),
      );
      const change = (condition: string) =>
        client().send(
          new TransactWriteItemsCommand({
            TransactItems: [
              { Put: { TableName: table, Item: c } },
              { Delete: { TableName: table, Key: a } },
              { ConditionCheck: { TableName: table, Key: d, ConditionExpression: condition } },
            ],
          }),
        );
      await refusal(change("attribute_exists(pk)"), "TransactionCanceledException");
      await change("attribute_not_exists(pk)");
      const { records } = await take(start, 4);
      const seen = records.map((record) => `${record.eventName} ${record.dynamodb?.Keys?.["pk"]?.S}`);
      const named = (name: string, key: Attributes) => `${name} ${key["pk"]?.S}`;
      expect([...seen.slice(0, 2)].sort()).toEqual([named("INSERT", a), named("INSERT", b)].sort());
      expect([...seen.slice(2)].sort()).toEqual([named("INSERT", c), named("REMOVE", a)].sort());
    });

    it("are read from the horizon, from the end, and from a record", async () => {
      const end = await iterator("LATEST");
      await put(client(), table, newKey());
      await put(client(), table, newKey());
      const { records } = await take(end, 2);
      const [first, second] = records.map((record) => record.dynamodb?.SequenceNumber ?? "");
      const numbersFrom = async (from: string) => {
        const answer = await world()
          .streams(home)
          .send(new GetRecordsCommand({ ShardIterator: from }));
        return answer.Records?.map((record) => record.dynamodb?.SequenceNumber);
      };
      expect(await numbersFrom(await iterator("AT_SEQUENCE_NUMBER", first))).toEqual([first, second]);
      expect(await numbersFrom(await iterator("AFTER_SEQUENCE_NUMBER", first))).toEqual([second]);
      expect(await numbersFrom(await iterator("AFTER_SEQUENCE_NUMBER", second))).toEqual([]);
      expect(await numbersFrom(await iterator("LATEST"))).toEqual([]);
      const all = await take(await iterator("TRIM_HORIZON"), 3);
      expect(all.records.length).toBeGreaterThan(2);
    });

    it("are read at most so many at a time, without gaps", async () => {
      const start = await iterator("LATEST");
      const keys = Array.from({ length: 5 }, () => newKey());
      for (const key of keys) await put(client(), table, key);
      await take(start, 5);
      const seen: (string | undefined)[] = [];
      let next = start;
      while (seen.length < 5) {
        const answer = await world()
          .streams(home)
          .send(new GetRecordsCommand({ ShardIterator: next, Limit: 2 }));
        expect(answer.Records?.length).toBeLessThanOrEqual(2);
        seen.push(...(answer.Records ?? []).map((record) => record.dynamodb?.Keys?.["pk"]?.S));
        next = answer.NextShardIterator ?? "";
      }
      expect(seen).toEqual(keys.map((key) => key.pk.S));
    });

    it("refuse what does not exist", async () => {
      const { StreamArn, ShardId } = await shardOf(home, table);
      const streams = world().streams(home);
      const elsewhere = `${StreamArn.replace(table, "nowhere")}`;
      await refusal(
        streams.send(new DescribeStreamCommand({ StreamArn: elsewhere })),
        "ResourceNotFoundException",
      );
      await refusal(
        streams.send(
          new GetShardIteratorCommand({
            StreamArn,
            ShardId: "shardId-00000000000000000001-00000000",
            ShardIteratorType: "LATEST",
          }),
        ),
        "ResourceNotFoundException",
      );
      await refusal(
        streams.send(
          new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: "AT_SEQUENCE_NUMBER" }),
        ),
        "ValidationException",
      );
    });
  });

  describe("time to live", () => {
    it(
      "deletes what has expired and says so in the stream",
      async () => {
        const nowS = Math.floor(Date.now() / 1000);
        const [gone, later, worded, ancient] = [newKey(), newKey(), newKey(), newKey()];
        await put(client(), "expiring", { ...later, expiresAt: num(nowS + 3600) });
        await put(client(), "expiring", { ...worded, expiresAt: text(String(nowS - 10)) });
        await put(client(), "expiring", { ...ancient, expiresAt: num(nowS - 6 * 365 * 24 * 3600) });
        await put(client(), "expiring", { ...gone, expiresAt: num(nowS - 10) });
        await world().expire(home);
        const all = await take(
          await iterator("TRIM_HORIZON", undefined, "expiring"),
          5,
          differences.expiryMaxS * 1000,
        );
        const records = all.records.filter((record) => record.eventName === "REMOVE");
        expect(records).toMatchObject([
          {
            eventName: "REMOVE",
            userIdentity: { Type: "Service", PrincipalId: "dynamodb.amazonaws.com" },
            dynamodb: { Keys: gone, OldImage: { ...gone, expiresAt: num(nowS - 10) } },
          },
        ]);
      },
      (differences.expiryMaxS + 30) * 1000,
    );
  });
}
