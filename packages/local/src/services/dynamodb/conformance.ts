import { afterAll, beforeAll, describe } from "vitest";
import { describeBatches } from "./conformance/batches.ts";
import { describeCapacity } from "./conformance/capacity.ts";
import { describeConditions } from "./conformance/conditions.ts";
import type { Differences } from "./conformance/differences.ts";
import { describeItems } from "./conformance/items.ts";
import { describeQueries } from "./conformance/queries.ts";
import { describeStreams } from "./conformance/streams.ts";
import { describeTransactions } from "./conformance/transactions.ts";
import { describeUpdates } from "./conformance/updates.ts";
import type { ConformanceContext, ConformanceWorld } from "./conformance/world.ts";

/**
 * What every implementation of DynamoDB must do, as seen through the AWS SDK. Registers the tests; the world starts
 * before the first and is closed after the last. `differences` says where this implementation is known to differ.
 */
export function describeDynamoConformance(
  name: string,
  start: () => Promise<ConformanceWorld>,
  differences: Differences,
): void {
  describe(name, () => {
    let running: ConformanceWorld | undefined;
    const context: ConformanceContext = {
      differences,
      world() {
        if (running === undefined) throw new Error("the world is not up");
        return running;
      },
    };
    beforeAll(async () => {
      running = await start();
    });
    afterAll(() => running?.close());

    describeItems(context);
    describeUpdates(context);
    describeConditions(context);
    describeQueries(context);
    describeBatches(context);
    describeTransactions(context);
    describeCapacity(context);
    describeStreams(context);
  });
}
