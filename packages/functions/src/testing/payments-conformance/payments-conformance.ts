import { afterAll, beforeAll, describe } from "vitest";
import { describeClaims } from "./claims.ts";
import { describeEndings } from "./endings.ts";
import { describeMoney } from "./money.ts";
import type { ConformanceProvider, OpenProvider } from "./provider.ts";

/** What every adapter of the payments port does, the one in memory included. */
export function paymentsConformance(name: string, open: OpenProvider): void {
  describe(`payments port: ${name}`, () => {
    let opened: ConformanceProvider | undefined;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened?.close());
    const provider = (): ConformanceProvider => {
      if (opened === undefined) {
        throw new Error("the provider is not open");
      }
      return opened;
    };
    describeClaims(provider);
    describeMoney(provider);
    describeEndings(provider);
  });
}
