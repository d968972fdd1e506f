import { expect, test } from "vitest";
import type { WorldStatus } from "../world/status.ts";
import { formatStart } from "./format-world.ts";

const world = {
  plan: {
    regions: ["us-east-1", "eu-west-1"],
    notRun: [{ type: "aws:kms/key:Key", count: 2, names: ["Key"] }],
  },
  products: 1200,
  api: (region: string) => `http://api.${region}`,
  endpoint: (region: string) => `http://aws.${region}`,
  status: () =>
    ({
      payments: { url: "http://127.0.0.1:4121", running: true },
      names: { dnsPort: 4153 },
      edges: [{ near: "eu-west-1", url: "http://127.0.0.1:4132" }],
      timeScale: 10,
    }) as unknown as WorldStatus,
};

test("a world that is up says where it is, what to try, and only then what of the infrastructure is missing", () => {
  const text = formatStart(world, { seconds: 3.14, tour: "# 1. List products\n" });
  const places = [
    "2 regions are up after 3.1 s, with 1200 products.",
    "  eu-west-1    http://api.eu-west-1   AWS http://aws.eu-west-1\n",
    "sandbox at http://127.0.0.1:4121.",
    "The CDN answers near each region: eu-west-1 http://127.0.0.1:4132.",
    "Name servers answer at 127.0.0.1:4153: ",
    "Time passes 10 times as fast: ",
    "# 1. List products",
    "Deployed, but not run here:\n  2 × aws:kms/key:Key (Key)\n",
    "Ctrl-C stops everything.",
  ].map((part) => text.indexOf(part));
  expect(places).not.toContain(-1);
  expect(places).toEqual(places.toSorted((left, right) => left - right));
});
