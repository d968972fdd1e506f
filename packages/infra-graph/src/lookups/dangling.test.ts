import { describe, expect, it } from "vitest";
import type { GraphLookup, GraphResource } from "../format.ts";
import { graphOf, tableOf, tableRead } from "../testing/graphs.ts";
import { findDanglingLookups } from "./dangling.ts";

const alias = (region: string): GraphResource => ({
  type: "aws:kms/alias:Alias",
  name: `Alias-${region}`,
  region,
  id: "alias/tables",
  outputs: { targetKeyArn: `arn:aws:kms:${region}:111122223333:key/1` },
});

const aliasLookup = (region: string): GraphLookup => ({
  token: "aws:kms/getAlias:getAlias",
  name: "alias/tables",
  region,
  key: { name: "alias/tables" },
  result: {},
});

const home = (...resources: GraphResource[]) => graphOf("prod-us-east-1", "us-east-1", resources);
const other = (...lookups: GraphLookup[]) => graphOf("prod-eu-west-1", "eu-west-1", [], lookups);

describe("findDanglingLookups", () => {
  it("finds nothing amiss when a replica answers", () => {
    const owner = home(tableOf("orders", "us-east-1", ["eu-west-1"]));
    expect(findDanglingLookups([owner, other(tableRead("orders", "eu-west-1"))])).toEqual([]);
  });

  it.each([
    ["a table without a replica there", tableOf("orders", "us-east-1", ["ap-south-1"])],
    ["a table that has another name", tableOf("order", "us-east-1", ["eu-west-1"])],
  ])("finds %s", (_case, table) => {
    const lookup = tableRead("orders", "eu-west-1");
    expect(findDanglingLookups([home(table), other(lookup)])).toEqual([{ stage: "prod-eu-west-1", lookup }]);
  });

  it("matches an alias in its own region only", () => {
    expect(findDanglingLookups([home(alias("eu-west-1")), other(aliasLookup("eu-west-1"))])).toEqual([]);
    expect(findDanglingLookups([home(alias("us-east-1")), other(aliasLookup("eu-west-1"))])).toHaveLength(1);
  });

  it("finds a key behind its alias", () => {
    const key: GraphResource = {
      type: "aws:kms/key:Key",
      name: "Key",
      region: "eu-west-1",
      id: "1",
      arn: "arn:aws:kms:eu-west-1:111122223333:key/1",
    };
    const lookup = {
      ...aliasLookup("eu-west-1"),
      token: "aws:kms/getKey:getKey",
      key: { keyId: "alias/tables" },
    };
    expect(findDanglingLookups([home(alias("eu-west-1"), key), other(lookup)])).toEqual([]);
    expect(findDanglingLookups([home(alias("eu-west-1")), other(lookup)])).toHaveLength(1);
  });

  it("looks in the same environment only", () => {
    const personal = graphOf("alice", "us-east-1", [tableOf("orders", "us-east-1", ["eu-west-1"])]);
    expect(findDanglingLookups([personal, other(tableRead("orders", "eu-west-1"))])).toHaveLength(1);
  });

  it("does not look for what no stage owns", () => {
    const zone: GraphLookup = {
      token: "aws:route53/getZone:getZone",
      name: "shop.example",
      region: "eu-west-1",
      key: { name: "shop.example" },
      result: {},
    };
    const image = { ...zone, token: "aws:ssm/getParameter:getParameter", key: { name: "/aws/service/ami" } };
    expect(findDanglingLookups([other(zone, image)])).toEqual([]);
  });
});
