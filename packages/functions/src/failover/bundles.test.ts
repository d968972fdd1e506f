import { expect, test } from "vitest";
import { bundleOf, filesIn } from "../testing/bundle-of.ts";

/** The clients of AWS that a bundle has something of. */
async function clientsOf(handler: string) {
  const bundle = await bundleOf(handler);
  const names = filesIn(bundle, /@aws-sdk\/client-/).map(
    (file) => /@aws-sdk\/(client-[a-z0-9-]+)/.exec(file)?.[1],
  );
  return { bytes: bundle.bytes, clients: [...new Set(names)].sort() };
}

test("a prober has the client of topics, and none of control planes: it starts each minute", async () => {
  const prober = await clientsOf("prober");
  expect(prober.clients).toEqual(["client-dynamodb", "client-sns"]);
  expect(prober.bytes).toBeLessThan(640_000); // 568 kB
});

test.each(["failover", "recovery"])(
  "%s has the clients of all that it changes, and no other",
  async (handler) => {
    const { bytes, clients } = await clientsOf(handler);
    expect(clients).toEqual([
      "client-cloudfront",
      "client-dynamodb",
      "client-eventbridge",
      "client-route-53",
      "client-sns",
    ]);
    expect(bytes).toBeLessThan(900_000); // 814 kB
  },
);
