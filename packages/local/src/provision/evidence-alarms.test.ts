/** What the alarms by which regions vote come to, worked out from the graphs' own expressions. */
import { describe, expect, it } from "vitest";
import { indexGraphs } from "../graph/index-graphs.ts";
import type { MetricStat } from "../services/cloudwatch/alarm.ts";
import { mathValues, readerOf } from "../services/cloudwatch/alarm-datapoints.ts";
import { addValue, newSet } from "../services/cloudwatch/statistic-set.ts";
import { committedGraphs } from "../testing/start-world.ts";
import { planMetricAlarms } from "./metric-alarms.ts";

const alarms = planMetricAlarms(indexGraphs(committedGraphs()));

/** The value of an alarm in one minute, and whether it is a bad one. `read` gives nothing where nothing was published. */
function minuteOf(name: string, read: (metric: MetricStat) => number | undefined) {
  const alarm = alarms.find((one) => one.name === `antipode-prod-eu-west-1-${name}`);
  if (alarm?.watched.type !== "math") throw new Error(`no alarm ${name} on metric math`);
  const { lines } = alarm.watched;
  const returned = lines.find(({ returnData }) => returnData)?.id ?? "";
  const value = mathValues(lines, 1, (metric) => [read(metric)]).get(returned);
  const [point] = value?.type === "series" ? value.points : [];
  return { value: point, isBad: (point ?? 0) > alarm.threshold };
}

interface Traffic {
  /** By route, requests and 5xx of a minute. `shop` is the rest of the stage. */
  readonly [route: string]: readonly [count: number, errors: number];
}

/** As API Gateway publishes it: the stage's numbers hold every route's. */
const gateway =
  (traffic: Traffic, forWantOfPeers: Readonly<Record<string, number>> = {}) =>
  ({ name, dimensions }: MetricStat): number | undefined => {
    if (name === "RefusedForPeers") return forWantOfPeers[dimensions["service"] ?? ""];
    const numbers = dimensions["Resource"]
      ? traffic[dimensions["Resource"]]
      : Object.values(traffic).reduce(
          ([count, errors], [more, failed]) => [count + more, errors + failed],
          [0, 0],
        );
    return name === "5xx" ? numbers?.[1] : numbers?.[0];
  };

/** What checkers and three probers ask in a minute of a region that is open and well. */
const askedByCheckers = {
  "/health": [400, 0],
  "/ready": [18, 0],
  "/ramped": [800, 0],
  "/drain-votes/{region}": [1_200, 0],
} as const;

describe("ApiErrors", () => {
  const minute = (traffic: Traffic, forWantOfPeers?: Readonly<Record<string, number>>) =>
    minuteOf("ApiErrors", gateway(traffic, forWantOfPeers));
  it("is well in a drained region: checkers are told 503 by hundreds, and no shopper asks", () => {
    const asked = { ...askedByCheckers, "/health": [400, 400] } as const;
    expect(minute(asked)).toEqual({ value: 0, isBad: false });
    expect(minute({ ...asked, shop: [31, 31] })).toEqual({ value: 0, isBad: false });
    const notReady = { ...asked, "/ready": [18, 18] } as const; // too few to say anything by themselves
    expect(minute({ ...notReady, shop: [31, 31] })).toEqual({ value: 0, isBad: false });
  });

  it("is well however the function that answers checkers fails, and bad for shoppers all the same", () => {
    const failing = Object.fromEntries(
      Object.entries(askedByCheckers).map(([route, [count]]) => [route, [count, count] as const]),
    );
    const asked = { ...failing, "/ready": [18, 0] } as const;
    expect(minute(asked)).toEqual({ value: 0, isBad: false });
    expect(minute({ ...asked, shop: [982, 50] })).toEqual({ value: 5, isBad: false });
    expect(minute({ ...asked, shop: [982, 60] })).toEqual({ value: 6, isBad: true });
  });

  it("is bad when more than one shopper's request in twenty fails, however many checkers are answered well", () => {
    expect(minute({ ...askedByCheckers, shop: [182, 12] })).toEqual({ value: 6, isBad: true });
    expect(minute({ ...askedByCheckers, shop: [182, 10] })).toEqual({ value: 5, isBad: false });
  });

  it("is well where what fails is for want of another region, and bad where the region's own failures are beside it", () => {
    expect(minute({ shop: [500, 300] }, { Api: 100, Checkout: 200 })).toEqual({ value: 0, isBad: false });
    expect(minute({ shop: [500, 310] }, { Api: 100, Checkout: 200 })).toEqual({ value: 5, isBad: false });
    expect(minute({ shop: [500, 312] }, { Api: 100, Checkout: 200 })).toEqual({ value: 6, isBad: true });
    expect(minute({ shop: [300, 300] }, { Checkout: 260 })).toEqual({ value: 0, isBad: false });
  });

  it("is well where nothing was published at all, and where checkers' routes have published nothing", () => {
    expect(minuteOf("ApiErrors", () => undefined)).toEqual({ value: 0, isBad: false });
    expect(minute({ shop: [50, 5] })).toEqual({ value: 10, isBad: true });
  });
});

describe("ApiLatency", () => {
  const latency = (route: string, count: number, ms: number) =>
    minuteOf("ApiLatency", ({ name, dimensions }) =>
      `${dimensions["Method"]} ${dimensions["Resource"]}` === route
        ? name === "Count"
          ? count
          : ms
        : undefined,
    );
  it.each([
    "GET /v1/products",
    "GET /v1/products/{productId}",
    "GET /v1/carts/{cartId}",
    "POST /v1/carts/{cartId}/lines",
  ])("is that of %s where it is the worst, and asked often enough", (route) => {
    expect(latency(route, 50, 2_500)).toEqual({ value: 2_500, isBad: true });
    expect(latency(route, 49, 2_500)).toEqual({ value: 0, isBad: false });
    expect(latency(route, 50, 2_000)).toEqual({ value: 2_000, isBad: false });
  });

  it.each([
    [1, 50, false],
    [2, 50, false],
    [3, 50, true],
    [10, 200, false],
    [11, 200, true],
  ])("%i slow requests of %i: bad is %s", (slow, count, isBad) => {
    const latencies = newSet(100, count - slow);
    addValue(latencies, 9_000, slow);
    const minute = minuteOf("ApiLatency", ({ name, stat, dimensions }) => {
      if (dimensions["Resource"] !== "/v1/products") return undefined;
      return name === "Count" ? count : readerOf(stat)(latencies);
    });
    expect(minute.isBad).toBe(isBad);
  });

  it("is not that of any other route", () => {
    expect(latency("GET /health", 500, 9_000)).toEqual({ value: 0, isBad: false });
  });
});

describe("ShopThrottles and TableErrors", () => {
  it("are shares of the calls that were made", () => {
    const ofFunctions = (name: string) => (name === "Throttles" ? 3 : 47);
    expect(minuteOf("ShopThrottles", ({ name }) => ofFunctions(name))).toEqual({ value: 6, isBad: true });
    expect(minuteOf("TableErrors", ({ name }) => (name === "SystemErrors" ? 1 : 9))).toEqual({
      value: 10,
      isBad: true,
    });
  });

  it("are none of few calls, nor of silence", () => {
    expect(minuteOf("ShopThrottles", ({ name }) => (name === "Throttles" ? 24 : 0))).toMatchObject({
      isBad: false,
    });
    expect(minuteOf("TableErrors", ({ name }) => (name === "SystemErrors" ? 9 : 0))).toMatchObject({
      isBad: false,
    });
    for (const name of ["ShopThrottles", "TableErrors"]) {
      expect(minuteOf(name, () => undefined)).toEqual({ value: 0, isBad: false });
    }
  });
});

it("replication is as slow as its slowest table, and says nothing where no table says anything", () => {
  const slow = (read: (table: string) => number | undefined) =>
    minuteOf("ReplicationSlow-us-east-1", ({ dimensions }) => read(dimensions["TableName"] ?? ""));
  expect(slow((table) => (table.endsWith("-Stock") ? 31_000 : 90))).toEqual({ value: 31_000, isBad: true });
  expect(slow((table) => (table.endsWith("-Control") ? 90 : undefined)).value).toBe(90);
  expect(slow(() => undefined).value).toBeUndefined();
});
