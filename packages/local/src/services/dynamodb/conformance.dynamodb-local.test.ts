import { expect, it } from "vitest";
import { createDynamoDBLocalEngine } from "../../engine/dynamodb-local/dynamodb-local.ts";
import { whyNoJava } from "../../engine/dynamodb-local/java.ts";
import { dynamodbLocalDifferences, refereeDifferences } from "./conformance/differences.ts";
import { startFront } from "./conformance/front.ts";
import { startReferee } from "./conformance/referee.ts";
import { describeDynamoConformance } from "./conformance.ts";

const obstacle = whyNoJava();

if (obstacle === undefined) {
  describeDynamoConformance(
    "DynamoDB over DynamoDB Local",
    async () => startFront(await createDynamoDBLocalEngine()),
    dynamodbLocalDifferences,
  );
  describeDynamoConformance("DynamoDB Local itself, the referee", startReferee, refereeDifferences);
} else {
  it(`could not run against DynamoDB Local: ${obstacle}`, () => {
    process.stderr.write(`DynamoDB conformance: could not run against DynamoDB Local: ${obstacle}\n`);
    expect(obstacle).toContain("Java 17");
  });
}
