import { Readable } from "node:stream";
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Front } from "../front/front.ts";
import { createFront } from "../front/front.ts";
import { operatorPrincipal } from "../iam/statement.ts";
import { account } from "../service.ts";
import type { S3Service } from "./s3-service.ts";
import { createS3Service } from "./s3-service.ts";

const region = "us-east-1";
const startMs = Date.UTC(2026, 0, 1);
let front: Front;
let client: S3Client;
let bucket = "";
let made = 0;
const s3: S3Service = createS3Service({ clock: { now: () => startMs } });

beforeAll(async () => {
  front = await createFront({
    region,
    services: [s3],
    principals: () => operatorPrincipal(account),
    links: { cross: async () => {} },
  });
  // The unmodified client, pointed here the way a function is: an IP host makes it use path-style addresses.
  vi.stubEnv("AWS_ENDPOINT_URL", front.url);
  client = new S3Client({ region, credentials: { accessKeyId: "A", secretAccessKey: "s" }, maxAttempts: 1 });
});

afterAll(async () => {
  vi.unstubAllEnvs();
  client.destroy();
  await front.close();
});

beforeEach(() => {
  made += 1;
  bucket = `bucket-${made}`;
  s3.createBucket(region, bucket);
});

const put = (Key: string, Body: string | Buffer | Readable, more: { IfNoneMatch?: string } = {}) =>
  client.send(new PutObjectCommand({ Bucket: bucket, Key, Body, ...more }));
const text = async (Key: string) =>
  (await client.send(new GetObjectCommand({ Bucket: bucket, Key }))).Body?.transformToString();

describe("objects", () => {
  test("come back as they were put, with their type, metadata, tag and checksum", async () => {
    const answer = await client.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: "aws/lambda/a b+ü.json",
        Body: '{"a":1}',
        ContentType: "application/json",
        Metadata: { origin: "us-east-1" },
      }),
    );
    const object = await client.send(
      new GetObjectCommand({ Bucket: bucket, Key: "aws/lambda/a b+ü.json", ChecksumMode: "ENABLED" }),
    );
    expect(await object.Body?.transformToString()).toBe('{"a":1}');
    expect(object).toMatchObject({
      ContentType: "application/json",
      ContentLength: 7,
      Metadata: { origin: "us-east-1" },
      ETag: answer.ETag,
      LastModified: new Date(startMs),
    });
    expect(object.ChecksumCRC32).toBe(answer.ChecksumCRC32);
    expect(s3.keys(region, bucket)).toEqual(["aws/lambda/a b+ü.json"]);
  });

  test("are taken from a stream, which the SDK frames in chunks with a checksum behind", async () => {
    const body = Buffer.alloc(200_000, "abc");
    const ContentLength = body.length;
    const Body = Readable.from([body.subarray(0, 70_000), body.subarray(70_000)]);
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: "stream", Body, ContentLength }));
    expect(s3.get(region, bucket, "stream")?.body.equals(body)).toBe(true);
  });

  test("have the MD5 of their bytes as tag", async () => {
    expect((await put("k", "3")).ETag).toBe('"eccbc87e4b5ce2fe28308fd9f2a7baf3"');
  });

  test("are described by HEAD without a body", async () => {
    await put("k", "12345");
    const head = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: "k" }));
    expect(head.ContentLength).toBe(5);
    await expect(client.send(new HeadObjectCommand({ Bucket: bucket, Key: "no" }))).rejects.toMatchObject({
      name: "NotFound",
    });
  });

  test("are replaced by a second put and gone after a delete, which may be repeated", async () => {
    await put("k", "1");
    await put("k", "2");
    expect(await text("k")).toBe("2");
    await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: "k" }));
    await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: "k" }));
    await expect(text("k")).rejects.toMatchObject({ name: "NoSuchKey", Key: "k" });
  });

  test("are not replaced when the put says only if absent", async () => {
    await put("k", "1", { IfNoneMatch: "*" });
    await expect(put("k", "2", { IfNoneMatch: "*" })).rejects.toMatchObject({ name: "PreconditionFailed" });
    expect(await text("k")).toBe("1");
  });

  test("with a wrong checksum are refused", async () => {
    const wrong = client.send(
      new PutObjectCommand({ Bucket: bucket, Key: "k", Body: "1", ChecksumCRC32: "AAAAAA==" }),
    );
    await expect(wrong).rejects.toMatchObject({ name: "BadDigest" });
    expect(s3.keys(region, bucket)).toEqual([]);
  });
});

describe("listing", () => {
  test("pages through a prefix in key order, each key once", async () => {
    const keys = ["a/1", "a/10", "a/2", "b/1", "a/ü"];
    for (const key of keys) s3.put(region, bucket, key, key);
    const seen: (string | undefined)[] = [];
    const pages = paginateListObjectsV2({ client, pageSize: 2 }, { Bucket: bucket, Prefix: "a/" });
    for await (const page of pages) seen.push(...(page.Contents ?? []).map((object) => object.Key));
    expect(seen).toEqual(["a/1", "a/10", "a/2", "a/ü"]);
  });

  test("groups by a delimiter, across pages too", async () => {
    for (const key of ["x", "a/1", "a/2", "b/1", "c"]) s3.put(region, bucket, key, "");
    const groups: (string | undefined)[] = [];
    const keys: (string | undefined)[] = [];
    const pages = paginateListObjectsV2({ client, pageSize: 1 }, { Bucket: bucket, Delimiter: "/" });
    for await (const page of pages) {
      groups.push(...(page.CommonPrefixes ?? []).map((prefix) => prefix.Prefix));
      keys.push(...(page.Contents ?? []).map((object) => object.Key));
    }
    expect([groups, keys]).toEqual([
      ["a/", "b/"],
      ["c", "x"],
    ]);
  });

  test("of an empty bucket has nothing and is complete", async () => {
    const page = await client.send(new ListObjectsV2Command({ Bucket: bucket }));
    expect(page).toMatchObject({ KeyCount: 0, IsTruncated: false, MaxKeys: 1_000 });
  });
});

describe("what is refused", () => {
  test("a bucket that does not exist", async () => {
    await expect(client.send(new ListObjectsV2Command({ Bucket: "nowhere" }))).rejects.toMatchObject({
      name: "NoSuchBucket",
    });
  });

  test("a bucket of another region says where it is", async () => {
    s3.createBucket("eu-west-1", "abroad");
    const asked = client.send(new PutObjectCommand({ Bucket: "abroad", Key: "k", Body: "1" }));
    await expect(asked).rejects.toMatchObject({ message: expect.stringContaining("eu-west-1") });
  });

  test("operations that are not built, by name", async () => {
    await expect(client.send(new CreateBucketCommand({ Bucket: "other" }))).rejects.toMatchObject({
      name: "NotImplemented",
      $metadata: { httpStatusCode: 501 },
    });
    const copy = new CopyObjectCommand({ Bucket: bucket, Key: "b", CopySource: `${bucket}/a` });
    await expect(client.send(copy)).rejects.toThrow("CopyObject with the header x-amz-copy-source");
    const ranged = new GetObjectCommand({ Bucket: bucket, Key: "k", Range: "bytes=0-1" });
    await expect(client.send(ranged)).rejects.toThrow("with the header range");
  });
});
