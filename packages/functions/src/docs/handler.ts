import { Resource } from "sst";
import { answerEvents } from "../api/answer-events.ts";
import { systemClock } from "../platform/clock.ts";
import { linkedDeployment } from "../platform/deployment.ts";
import { createLog } from "../platform/log.ts";
import { createRandomness } from "../platform/randomness.ts";
import { createDocs } from "./create-docs.ts";
import { readServedFiles } from "./files.ts";

const deployment = linkedDeployment(Resource);

const deps = {
  deployment,
  files: readServedFiles(new URL("./files/", import.meta.url)),
  clock: systemClock,
  randomness: createRandomness(),
  log: createLog(deployment),
};

export const handler = answerEvents(createDocs(deps), deps);
