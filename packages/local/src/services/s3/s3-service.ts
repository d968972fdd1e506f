import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { WorldClock } from "../../links/clock.ts";
import type { AuthorizationNeed, AwsService, ServiceRequest, ServiceResponse } from "../service.ts";
import { AwsError } from "../service.ts";
import { decodeAwsChunked } from "./aws-chunked.ts";
import type { ListQuery, StoredObject } from "./bucket.ts";
import { listObjects } from "./bucket.ts";
import type { S3Call } from "./operation.ts";
import { parseCall } from "./operation.ts";
import { decodeToken, errorResponse, listResponse } from "./wire.ts";

/** What S3 returns at most in one page, whatever is asked. */
const pageKeysMax = 1_000;

export interface S3Service extends AwsService {
  /** Makes a bucket; again is harmless. */
  createBucket(region: string, name: string): void;
  /** For the world itself and for tests: no request, no permissions. Throws `NoSuchBucket`. */
  put(
    region: string,
    bucket: string,
    key: string,
    body: string | Uint8Array,
    contentType?: string,
  ): StoredObject;
  get(region: string, bucket: string, key: string): StoredObject | undefined;
  keys(region: string, bucket: string): readonly string[];
}

export interface S3Options {
  readonly clock: WorldClock;
}

type Bucket = Map<string, StoredObject>;

/** Simple storage in memory: objects of a few megabytes, for failed batches and imports. */
export function createS3Service(options: S3Options): S3Service {
  const bucketsByRegion = new Map<string, Map<string, Bucket>>();

  function bucketOf(region: string, name: string): Bucket {
    const bucket = bucketsByRegion.get(region)?.get(name);
    if (bucket !== undefined) return bucket;
    for (const [elsewhere, buckets] of bucketsByRegion) {
      if (buckets.has(name)) {
        const message = `The bucket you are attempting to access must be addressed in its own region: ${elsewhere}`;
        throw new AwsError("PermanentRedirect", message, 301, { Bucket: name });
      }
    }
    throw new AwsError("NoSuchBucket", "The specified bucket does not exist", 404, { BucketName: name });
  }

  function store(
    region: string,
    bucket: string,
    object: Omit<StoredObject, "etag" | "crc32" | "lastModifiedMs">,
  ) {
    const stored: StoredObject = {
      ...object,
      etag: `"${createHash("md5").update(object.body).digest("hex")}"`,
      crc32: crc32Base64(object.body),
      lastModifiedMs: options.clock.now(region),
    };
    bucketOf(region, bucket).set(object.key, stored);
    return stored;
  }

  function putObject(request: ServiceRequest, call: S3Call & { readonly type: "object" }): ServiceResponse {
    const bucket = bucketOf(request.region, call.bucket);
    if (request.headers["if-none-match"] === "*" && bucket.has(call.key)) {
      throw new AwsError(
        "PreconditionFailed",
        "At least one of the pre-conditions you specified did not hold",
        412,
        { Condition: "If-None-Match" },
      );
    }
    const stored = store(request.region, call.bucket, {
      key: call.key,
      body: verifiedBody(request),
      contentType: request.headers["content-type"] ?? "binary/octet-stream",
      metadata: userMetadata(request.headers),
    });
    return { status: 200, headers: { etag: stored.etag, "x-amz-checksum-crc32": stored.crc32 }, body: "" };
  }

  function readObject(request: ServiceRequest, call: S3Call & { readonly type: "object" }): ServiceResponse {
    const object = bucketOf(request.region, call.bucket).get(call.key);
    if (object === undefined) {
      throw new AwsError("NoSuchKey", "The specified key does not exist.", 404, { Key: call.key });
    }
    const headers: Record<string, string> = {
      etag: object.etag,
      "content-type": object.contentType,
      "content-length": String(object.body.length),
      "last-modified": new Date(object.lastModifiedMs).toUTCString(),
      "accept-ranges": "none",
    };
    for (const [name, value] of Object.entries(object.metadata)) headers[`x-amz-meta-${name}`] = value;
    if (request.headers["x-amz-checksum-mode"] === "ENABLED") headers["x-amz-checksum-crc32"] = object.crc32;
    return { status: 200, headers, body: call.operation === "HeadObject" ? "" : object.body };
  }

  function list(request: ServiceRequest, bucketName: string): ServiceResponse {
    const token = request.query.get("continuation-token");
    const wanted = Number(request.query.get("max-keys") ?? pageKeysMax);
    if (!Number.isInteger(wanted) || wanted < 0) {
      throw new AwsError("InvalidArgument", "Argument max-keys must be a whole number, 0 or more", 400);
    }
    const query: ListQuery = {
      prefix: request.query.get("prefix") ?? "",
      delimiter: request.query.get("delimiter") ?? "",
      after: token === null ? (request.query.get("start-after") ?? "") : decodeToken(token),
      maxKeys: Math.min(wanted, pageKeysMax),
    };
    const page = listObjects(bucketOf(request.region, bucketName), query);
    return {
      status: 200,
      headers: { "content-type": "application/xml" },
      body: listResponse(bucketName, query, page, token),
    };
  }

  function perform(request: ServiceRequest, call: S3Call): ServiceResponse {
    if (call.type === "list") return list(request, call.bucket);
    if (call.type === "object") {
      switch (call.operation) {
        case "PutObject":
          return putObject(request, call);
        case "GetObject":
        case "HeadObject":
          return readObject(request, call);
        case "DeleteObject":
          bucketOf(request.region, call.bucket).delete(call.key);
          return { status: 204, headers: {}, body: "" };
      }
    }
    throw new AwsError("NotImplemented", `The local world's S3 does not implement ${call.operation}`, 501);
  }

  return {
    signingName: "s3",
    needs: (request) => needsOf(parseCall(request)),
    async handle(request) {
      try {
        return perform(request, parseCall(request));
      } catch (error) {
        if (error instanceof AwsError) return errorResponse(error, request.method);
        throw error;
      }
    },
    fail: (error, request) => errorResponse(error, request.method),
    createBucket(region, name) {
      const buckets = bucketsByRegion.get(region) ?? new Map<string, Bucket>();
      bucketsByRegion.set(region, buckets);
      if (!buckets.has(name)) buckets.set(name, new Map());
    },
    put: (region, bucket, key, body, contentType = "binary/octet-stream") =>
      store(region, bucket, { key, body: Buffer.from(body), contentType, metadata: {} }),
    get: (region, bucket, key) => bucketOf(region, bucket).get(key),
    keys: (region, bucket) => [...bucketOf(region, bucket).keys()].sort(),
  };
}

function needsOf(call: S3Call): readonly AuthorizationNeed[] {
  switch (call.type) {
    case "list":
      return [
        {
          action: "s3:ListBucket",
          resource: `arn:aws:s3:::${call.bucket}`,
          context: { "s3:prefix": [call.prefix] },
        },
      ];
    case "object": {
      // HeadObject has no permission of its own.
      const action = call.operation === "HeadObject" ? "GetObject" : call.operation;
      return [{ action: `s3:${action}`, resource: `arn:aws:s3:::${call.bucket}/${call.key}` }];
    }
    case "unknown":
      return [];
  }
}

function verifiedBody(request: ServiceRequest): Buffer {
  const framed =
    request.headers["x-amz-content-sha256"]?.startsWith("STREAMING-") === true ||
    (request.headers["content-encoding"] ?? "").split(",").some((coding) => coding.trim() === "aws-chunked");
  const { body, trailers } = framed
    ? decodeAwsChunked(request.body)
    : { body: request.body, trailers: {} as Record<string, string> };
  const declared = trailers["x-amz-checksum-crc32"] ?? request.headers["x-amz-checksum-crc32"];
  if (declared !== undefined && declared !== crc32Base64(body)) {
    throw new AwsError("BadDigest", "The CRC32 you specified did not match the calculated checksum.", 400);
  }
  return body;
}

function crc32Base64(body: Buffer): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString("base64");
}

function userMetadata(headers: ServiceRequest["headers"]): Record<string, string> {
  const prefix = "x-amz-meta-";
  const metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith(prefix)) metadata[name.slice(prefix.length)] = value;
  }
  return metadata;
}
