import fc from "fast-check";
import { afterAll, beforeAll, test } from "vitest";
import { openSandboxProvider } from "../testing/payments-conformance/sandbox-provider.ts";
import { payOnce } from "../testing/payments-conformance/schedules.ts";

let provider: Awaited<ReturnType<typeof openSandboxProvider>>;

beforeAll(async () => {
  provider = await openSandboxProvider();
});
afterAll(() => provider?.close());

const share = fc.constantFrom(0.2, 0.5);

/** Each kind of trouble that the sandbox knows, for some of the requests of a step. */
const anyFault = fc.oneof(
  fc.record({ type: fc.constant("fail"), effect: fc.constantFrom("none", "after"), share }),
  fc.record({ type: fc.constant("gateway"), share }),
  fc.record({ type: fc.constant("lose-answer"), share }),
  fc.record({ type: fc.constant("unreachable"), share }),
  fc.record({ type: fc.constant("limit"), code: fc.constantFrom("rate_limit", "lock_timeout"), share }),
  fc.record({ type: fc.constant("decline"), share }),
  fc.record({
    type: fc.constant("slow"),
    ms: fc.integer({ min: 1, max: 15 }),
    when: fc.constantFrom("before", "after"),
    share,
  }),
);

/** Half of the searches find what was made just now, so that they and the keys take turns. */
const indexAtOnce = { type: "index-late", ms: 0, share: 0.5 };

test("two regions and random faults: one claim for good, and money once", async () => {
  await payOnce(
    provider,
    fc.array(anyFault, { maxLength: 2 }),
    (faults) => provider.sandbox.tell(...faults, indexAtOnce),
    60,
  );
});
