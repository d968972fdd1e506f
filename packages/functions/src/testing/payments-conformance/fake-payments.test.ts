import fc from "fast-check";
import { test } from "vitest";
import { openFakeProvider } from "./fake-provider.ts";
import { paymentsConformance } from "./payments-conformance.ts";
import { payOnce } from "./schedules.ts";

paymentsConformance("in memory", async () => openFakeProvider());

test("two regions and random faults: one claim for good, and money once", async () => {
  const provider = openFakeProvider();
  await payOnce(
    provider,
    fc.constantFrom(undefined, undefined, "request" as const, "answer" as const, "decline" as const),
    async (trouble) => {
      const fault =
        trouble === "decline" ? { decline: true } : trouble === undefined ? undefined : { lost: trouble };
      provider.fake.faultWith(() => fault);
    },
    300,
  );
});
