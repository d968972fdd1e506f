import { expect, it } from "vitest";
import { createRandom } from "../../links/random.ts";
import { createCheckStore } from "./check-store.ts";
import type { EndpointCheck } from "./health-check.ts";
import type { HealthCheckId } from "./record-set.ts";

const endpoint: EndpointCheck = {
  type: "HTTPS",
  host: "eu-west-1.shop.test",
  port: 443,
  path: "/health",
  failureThreshold: 3,
  requestIntervalSeconds: 10,
  inverted: false,
  disabled: false,
};

it("which share finds an endpoint healthy, whatever is made of it: of checkers, and of children", () => {
  const healthyByCheck: Readonly<Record<string, readonly boolean[]>> = {
    well: [true, true, true, true],
    turned: [true, false, false, false],
  };
  const checks = createCheckStore({
    random: createRandom(1),
    checkers: {
      watch: () => {},
      observations: (id) =>
        (healthyByCheck[id] ?? []).map((healthy) => ({
          region: "us-east-1",
          state: { healthy, against: 0 },
        })),
    },
  });
  const [well, turned, fresh, sum] = ["well", "turned", "new", "sum"].map((id) => id as HealthCheckId);
  if (!well || !turned || !fresh || !sum) throw new Error("no ids");
  checks.provision(well, endpoint);
  checks.provision(turned, { ...endpoint, inverted: true });
  checks.provision(fresh, endpoint);
  const calculated = { type: "CALCULATED", healthThreshold: 2, inverted: false, disabled: false } as const;
  checks.provision(sum, { ...calculated, children: [well, turned] });
  expect([well, turned, fresh, sum].map(checks.healthyShare)).toEqual([1, 0.25, 1, 0.5]);
  expect([well, turned, fresh, sum].map(checks.isHealthy)).toEqual([true, false, true, false]);
});
