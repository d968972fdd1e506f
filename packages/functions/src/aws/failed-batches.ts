import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  NoSuchKey,
  S3Client,
} from "@aws-sdk/client-s3";
import type { FailedBatches } from "../replay/create-replay.ts";

/** Path style, so that no bucket name has to resolve as a host name. */
export function createS3Client(region: string): S3Client {
  return new S3Client({
    region,
    forcePathStyle: true,
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
  });
}

export function createFailedBatches(client: S3Client, bucket: string): FailedBatches {
  return {
    async list(prefix, limit) {
      const keys: string[] = [];
      let token: string | undefined;
      do {
        const page: ListObjectsV2CommandOutput = await client.send(
          new ListObjectsV2Command({
            Bucket: bucket,
            Prefix: prefix,
            ...(token === undefined ? {} : { ContinuationToken: token }),
          }),
        );
        for (const { Key: key } of page.Contents ?? []) {
          if (key !== undefined) {
            keys.push(key);
          }
        }
        token = page.IsTruncated === true ? page.NextContinuationToken : undefined;
      } while (token !== undefined && keys.length < limit);
      return { keys: keys.slice(0, limit), complete: token === undefined && keys.length <= limit };
    },

    async read(key) {
      try {
        const object = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        return object.Body === undefined ? "" : await object.Body.transformToString("utf-8");
      } catch (error) {
        if (error instanceof NoSuchKey) {
          return undefined;
        }
        throw error;
      }
    },

    async remove(key) {
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
    },
  };
}
