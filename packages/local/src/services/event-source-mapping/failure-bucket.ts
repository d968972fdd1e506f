import { firstDenial } from "../iam/evaluate.ts";
import type { Principal } from "../iam/statement.ts";
import type { S3Service } from "../s3/s3-service.ts";
import { AwsError } from "../service.ts";
import type { FailureDestination } from "./event-source-mapping.ts";

export interface FailureBucketOptions {
  readonly s3: Pick<S3Service, "put">;
  readonly region: string;
  readonly bucket: string;
  /** The function's role: Lambda writes with its rights. */
  readonly principal: Principal;
}

/** An S3 bucket as a failure destination. Refuses, as Lambda would be, what the function's role may not do. */
export function createFailureBucket({
  s3,
  region,
  bucket,
  principal,
}: FailureBucketOptions): FailureDestination {
  return {
    async put({ key, body }) {
      const denial = firstDenial(principal, [
        { action: "s3:PutObject", resource: `arn:aws:s3:::${bucket}/${key}` },
        { action: "s3:ListBucket", resource: `arn:aws:s3:::${bucket}` },
      ]);
      if (denial !== undefined) throw new AwsError("AccessDenied", denial.message, 403);
      s3.put(region, bucket, key, body, "application/json");
    },
  };
}
