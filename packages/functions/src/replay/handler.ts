import type { Context } from "aws-lambda";
import { Resource } from "sst";
import { createFailedBatches, createS3Client } from "../aws/failed-batches.ts";
import { createInvoker, createLambdaClient } from "../aws/invoker.ts";
import { linkedDeployment, linkedName } from "../platform/deployment.ts";
import { createLog } from "../platform/log.ts";
import { createMeasurements } from "../platform/measurements.ts";
import { createReplay } from "./create-replay.ts";

const deployment = linkedDeployment(Resource);
const replay = createReplay({
  batches: createFailedBatches(createS3Client(deployment.region), linkedName(Resource, "FailedBatches")),
  invoker: createInvoker(createLambdaClient(deployment.region)),
  log: createLog(deployment),
  measurements: createMeasurements(deployment),
});

export const handler = (event: unknown, context: Context) =>
  replay(event, () => context.getRemainingTimeInMillis());
