/** What Route 53's checkers ask is answered whatever becomes of the shop's functions. */
import { describe, expect, it } from "vitest";
import type { GraphResource } from "../packages/infra-graph/src/index.ts";
import {
  functionsOf,
  graphOf,
  input,
  inRegion,
  ofType,
  regionNames,
  routesOf,
  shortName,
  stages,
} from "./testing/graphs.ts";

/** Of each health-checking region of Route 53 there are two: an endpoint that each asks every 30 s is asked every two. */
const checkersOfOneCheck = 16;

/** Without a raised quota an account has these in a region, and Lambda keeps 100 of them for functions that reserve none. */
const accountConcurrency = 1_000;
const unreservedMin = 100;

const reserved = (resource: GraphResource) => input(resource, "reservedConcurrentExecutions");
const called = (resource: GraphResource) => shortName(input(resource, "name"));

/** Every endpoint check, of any region's stage, that asks this region. */
const checksOf = (region: string) =>
  regionNames
    .flatMap((stage) => ofType(inRegion(stage), "aws:route53/healthCheck:HealthCheck"))
    .filter((check) => input(check, "fqdn") === `${region}.antipode.example`);

describe.each(regionNames)("what checkers ask of %s", (region) => {
  const routeOf = (check: GraphResource) =>
    `GET ${String(input(check, "resourcePath")).replace(/^\/drain-votes\/.*$/, "/drain-votes/{region}")}`;

  it("leads to the Health function, which answers nobody else; probers look at the shop's own", () => {
    const leads = routesOf(inRegion(region));
    const asked = [...new Set(checksOf(region).map(routeOf))].sort();
    expect(asked).toEqual(["GET /drain-votes/{region}", "GET /health", "GET /ramped"]);
    for (const route of asked) expect(leads[route], route).toBe("Health");
    // and nothing that ApiErrors would count: whoever floods these paths is no evidence against the shop
    expect(
      Object.keys(leads)
        .filter((route) => leads[route] === "Health")
        .sort(),
    ).toEqual(asked);
    expect([leads["GET /ready"], leads["$default"]]).toEqual(["Api", "Api"]);
  });

  it("finds instances that no overload of another function can take, six seconds a request if need be", () => {
    const health = functionsOf(inRegion(region)).filter((one) => reserved(one) !== undefined);
    expect(health.map(called)).toEqual(["Health"]); // whatever else reserves takes it from the shop's
    const perSecond = checksOf(region)
      .map((check) => checkersOfOneCheck / Number(input(check, "requestInterval")))
      .reduce((sum, one) => sum + one, 0);
    expect(perSecond).toBeCloseTo(16, 5);
    expect(health.map(reserved)).toEqual([100]);
    expect(perSecond * 6).toBeLessThan(100);
    expect(accountConcurrency - 100).toBeGreaterThan(unreservedMin);
  });
});

describe.each(stages)("the Health function of %s", (stage) => {
  const health = functionsOf(graphOf(stage)).find((one) => called(one) === "Health");

  it("knows tables and where it runs: no secret, no other region's function, nothing to sell by", () => {
    expect(Object.keys(health?.function?.links ?? {}).sort()).toEqual([
      "Carts",
      "Catalog",
      "Control",
      "Deployment",
      "Views",
    ]);
  });

  it("takes of an account's instances only where checkers ask it", () => {
    expect(health && reserved(health)).toBe(stage.includes("-") ? 100 : undefined);
  });
});
