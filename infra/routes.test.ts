/** Who answers for a path of the HTTP API, and who may be invoked at all from outside a role of the account. */
import { describe, expect, it } from "vitest";
import { apiRoutes } from "../packages/functions/src/api/create-api.ts";
import { checkoutRoutes } from "../packages/functions/src/checkout/create-checkout.ts";
import { waitsWithinMs } from "../packages/functions/src/checkout/in-time.ts";
import { healthRoutes } from "../packages/functions/src/health/health-routes.ts";
import type { Graph } from "../packages/infra-graph/src/index.ts";
import { functionsOf, graphOf, ofType, routesOf, shortName, stages } from "./testing/graphs.ts";

const permissionsOf = (graph: Graph) =>
  ofType(graph, "aws:lambda/permission:Permission").map(({ inputs }) => ({
    called: shortName(inputs?.["function"]),
    action: inputs?.["action"],
    principal: String(inputs?.["principal"]),
    sourceArn: inputs?.["sourceArn"],
  }));

/** As API Gateway chooses: a path with its parameters before a greedy one, and the default last. */
function chosen(routeKeys: readonly string[], path: string): string {
  const fits = (key: string) =>
    new RegExp(
      `^${key
        .replace(/^[A-Z]+ /, "")
        .replaceAll("{proxy+}", ".+")
        .replace(/\{\w+\}/g, "[^/]+")}$`,
    ).test(path);
  const fitting = routeKeys.filter((key) => key !== "$default" && fits(key));
  return fitting.find((key) => !key.includes("+")) ?? fitting[0] ?? "$default";
}

describe.each(stages)("the HTTP API of %s", (stage) => {
  const graph = graphOf(stage);
  const [api, ...moreApis] = ofType(graph, "aws:apigatewayv2/api:Api");
  const routes = routesOf(graph);

  it("asks a function for no longer than it may take, which leaves a request time when it has waited for others", () => {
    const integrationMaxMs = 30_000; // of API Gateway
    const checkout = functionsOf(graph).find(({ name }) => name === "CheckoutFunction");
    const timeoutMs = 1_000 * (checkout?.function?.timeoutSeconds ?? 0);
    expect(timeoutMs).toBeLessThan(integrationMaxMs);
    expect(timeoutMs - waitsWithinMs).toBeGreaterThanOrEqual(3_000);
  });

  it("leads to four functions, by these routes", () => {
    expect(moreApis).toEqual([]);
    expect(routes).toEqual({
      $default: "Api",
      "GET /ready": "Api",
      "GET /health": "Health",
      "GET /ramped": "Health",
      "GET /drain-votes/{region}": "Health",
      "GET /v1/products": "Api",
      "GET /v1/products/{productId}": "Api",
      "GET /v1/carts/{cartId}": "Api",
      "POST /v1/carts/{cartId}/lines": "Api",
      "ANY /openapi.json": "Docs",
      "ANY /docs": "Docs",
      "ANY /docs/{proxy+}": "Docs",
      "ANY /v1/carts/{cartId}/checkout": "Checkout",
      "ANY /v1/orders": "Checkout",
      "ANY /v1/orders/{proxy+}": "Checkout",
      "ANY /v1/stock/{proxy+}": "Checkout",
      "ANY /v1/payments/webhook": "Checkout",
    });
  });

  it("leads each path to the function that has it", () => {
    const pathsOf = (mounted: readonly { readonly contract: { readonly path: string } }[]) =>
      mounted.map(({ contract }) => contract.path.replace(/:\w+/g, "some"));
    const led = (path: string) => routes[chosen(Object.keys(routes), path)];
    const nothing = {} as never; // no route asks anything of its world before it serves
    const [browsing, selling] = [pathsOf(apiRoutes(nothing)), pathsOf(checkoutRoutes(nothing))];
    const checked = pathsOf(healthRoutes({ deployment: {} } as never));
    expect(checked.sort()).toEqual(["/drain-votes/some", "/health", "/ramped"]);
    expect(browsing.length).toBeGreaterThan(5);
    expect(selling.length).toBeGreaterThan(5);
    for (const path of browsing) expect(led(path), path).toBe("Api");
    for (const path of selling) expect(led(path), path).toBe("Checkout");
    for (const path of checked) expect(led(path), path).toBe("Health");
    for (const path of ["/", "/docs/"]) expect(led(path), path).toBe("Api");
  });

  it("may invoke those functions, and no other API may", () => {
    const byApi = permissionsOf(graph).filter(({ principal }) => principal === "apigateway.amazonaws.com");
    expect([...new Set(byApi.map(({ called }) => called))].sort()).toEqual(
      [...new Set(Object.values(routes))].sort(),
    );
    for (const permission of byApi) {
      expect(permission).toMatchObject({
        action: "lambda:InvokeFunction",
        sourceArn: `${api?.outputs?.["executionArn"]}/*`,
      });
    }
  });
});

describe.each(stages)("services that may invoke functions in %s", (stage) => {
  const permissions = permissionsOf(graphOf(stage));

  it("are the API, the schedules, and those that tell of alarms: the rest is reached by roles of the account alone", () => {
    const byPrincipal = (wanted: string) =>
      [
        ...new Set(permissions.filter(({ principal }) => principal === wanted).map(({ called }) => called)),
      ].sort();
    expect(byPrincipal("apigateway.amazonaws.com")).toEqual(["Api", "Checkout", "Docs", "Health"]);
    const hearing = ["Failover", "Recovery"];
    expect(byPrincipal("events.amazonaws.com")).toEqual([...hearing, "Heartbeat", "Prober", "Repair"].sort());
    expect(byPrincipal("sns.amazonaws.com")).toEqual(hearing);
    expect(new Set(permissions.map(({ principal }) => principal)).size).toBe(3);
    for (const { called, sourceArn } of permissions) expect(String(sourceArn), called).toMatch(/^arn:aws:/);
  });

  it("never lead a request from outside to any other function than those of the shop", () => {
    const led = permissions.filter(({ principal }) => principal === "apigateway.amazonaws.com");
    for (const { called } of led) expect(called).toMatch(/^(Api|Checkout|Docs|Health)$/);
  });
});
