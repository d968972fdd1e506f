/**
 * Where stream records go that a dispatcher could not apply. A bucket, because a queue as the destination of a stream
 * mapping receives the batch's metadata only, and by the time someone looks the stream may have forgotten the records.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
 */
import { stage, stageName } from "./stage.ts";

/** Longer than an incident, and well past the seven days in which anything may still be written. */
const keepDays = 30;

sst.Linkable.wrap(sst.aws.Bucket, (bucket) => ({ properties: { name: bucket.name }, include: [] }));

export const failedBatches = new sst.aws.Bucket("FailedBatches", {
  cors: false, // no browser has any business here
  lifecycle: [{ expiresIn: `${keepDays} days` }],
  transform: {
    bucket: (bucket, opts) => {
      bucket.bucket = $interpolate`${stageName("failed-batches")}-${aws.getCallerIdentityOutput({}).accountId}`;
      bucket.forceDestroy = !stage.production; // what is in it was written nowhere else
      opts.retainOnDelete = stage.production;
    },
  },
});
