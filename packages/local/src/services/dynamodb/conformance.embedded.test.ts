import { createEmbeddedEngine } from "../../engine/embedded/embedded.ts";
import { embeddedDifferences } from "./conformance/differences.ts";
import { startFront } from "./conformance/front.ts";
import { describeDynamoConformance } from "./conformance.ts";

describeDynamoConformance(
  "DynamoDB over the embedded engine",
  () => startFront(createEmbeddedEngine()),
  embeddedDifferences,
);
