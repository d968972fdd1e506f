import { expect, test } from "vitest";
import { testDeployment } from "../testing/test-world.ts";
import { advancingDeps, checkoutDeps, decidingDeps } from "./selling-deps.ts";

const named = (...names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, { name: `antipode-test-${name}` }]));

const advancing = {
  Deployment: testDeployment(),
  PaymentKey: { value: "sk_test_1" },
  ...named("Carts", "Orders", "Stock"),
};
const deciding = { ...advancing, ...named("Control") };
const selling = { ...deciding, ...named("Views"), Peers: { functions: {} } };

test("bringing orders forward takes no peer and no lease", () => {
  expect(Object.keys(advancingDeps(advancing))).not.toContain("peers");
  expect(Object.keys(advancingDeps(advancing))).not.toContain("rights");
  expect(() => advancingDeps({ ...advancing, PaymentKey: undefined })).toThrow();
});

test("deciding takes the lease too, and no peer", () => {
  const deps = decidingDeps(deciding);
  expect(deps.rights).toBeTypeOf("function");
  expect(Object.keys(deps)).not.toContain("peers");
  expect(() => decidingDeps(advancing)).toThrow();
});

test("a checkout asks its peers", async () => {
  expect(await checkoutDeps(selling).peers.ask("mars-1", {}, 1)).toMatchObject({ ok: false });
  expect(() => checkoutDeps(deciding)).toThrow();
});

test("the tables of other regions are carts, and orders for a checkout", async () => {
  const key = { pk: "ORDER#x", sk: "PLACED#x" };
  const read = ({ remote }: ReturnType<typeof advancingDeps>, table: "Carts" | "Orders" | "Stock") =>
    remote.get("mars-1", table, key);
  for (const deps of [advancingDeps(advancing), decidingDeps(deciding)]) {
    expect(await read(deps, "Carts")).toMatchObject({ ok: false, error: { reason: "mars-1 is not a peer" } });
    await expect(read(deps, "Orders")).rejects.toThrow("not linked");
  }
  expect(await read(checkoutDeps(selling), "Orders")).toMatchObject({ ok: false });
  await expect(read(checkoutDeps(selling), "Stock")).rejects.toThrow("not linked");
});
