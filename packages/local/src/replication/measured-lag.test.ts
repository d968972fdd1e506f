import { expect, it } from "vitest";
import { createFaults } from "../faults/faults.ts";
import { createSkewedClock } from "../faults/skewed-clock.ts";
import { createRandom } from "../links/random.ts";
import { createLinks } from "../links/world-links.ts";
import { createVirtualTime } from "../testing-time/virtual-time.ts";
import { createFakeReplicas, fakeTable } from "./fake-replicas.ts";
import { createReplication } from "./replication.ts";

it("each write that reaches a peer is reported with its way and its lag", async () => {
  const regions = ["us-east-1", "eu-west-1"];
  const time = createVirtualTime();
  const faults = createFaults({ regions });
  const replicas = createFakeReplicas(regions, createSkewedClock({ now: time.now, state: faults.state }));
  const delivered: { table: string; from: string; to: string; lagMs: number }[] = [];
  const replication = createReplication({
    tables: { [fakeTable]: regions },
    onChange: replicas.onChange,
    apply: replicas.applyReplicated,
    links: createLinks({ faults, random: createRandom(1), scheduler: time }),
    random: createRandom(2),
    scheduler: time,
    onDelivered: (way) => delivered.push(way),
  });
  faults.apply({ type: "lag", from: "us-east-1", to: "eu-west-1", ms: 2_000 });
  replicas.write("us-east-1", { a: 1 });
  await time.run(replication.drained());
  expect(delivered).toEqual([
    { table: fakeTable, from: "us-east-1", to: "eu-west-1", lagMs: expect.any(Number) },
  ]);
  expect(delivered[0]?.lagMs).toBeGreaterThan(2_000);
  expect(delivered[0]?.lagMs).toBeLessThan(7_000);
  replication.close();
});
