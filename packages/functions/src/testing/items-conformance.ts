import { afterAll, beforeAll, describe } from "vitest";
import { describeConditions } from "./items-conformance/conditions.ts";
import { describeLostAnswers } from "./items-conformance/lost-answers.ts";
import { describeOwnership } from "./items-conformance/ownership.ts";
import { describeReads } from "./items-conformance/reads.ts";
import { describeSizes } from "./items-conformance/sizes.ts";
import type { ConformanceStore } from "./items-conformance/store.ts";
import { describeTransactions } from "./items-conformance/transactions.ts";
import { describeUpdates } from "./items-conformance/updates.ts";

export { type ConformanceStore, conformanceOrigin } from "./items-conformance/store.ts";

/** What every adapter of the items port does, the one in memory included. The tables start empty. */
export function itemsConformance(name: string, open: () => Promise<ConformanceStore>): void {
  describe(`items port: ${name}`, () => {
    let opened: ConformanceStore | undefined;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened?.close());
    const store = (): ConformanceStore => {
      if (opened === undefined) {
        throw new Error("the store is not open");
      }
      return opened;
    };
    describeReads(store);
    describeConditions(store);
    describeUpdates(store);
    describeTransactions(store);
    describeSizes(store);
    describeLostAnswers(store);
    describeOwnership(store);
  });
}
