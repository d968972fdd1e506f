import { expect, test } from "vitest";
import type { ResolvedName } from "../world/status.ts";
import { formatNames } from "./format-names.ts";

const name = "api.shop.test.";
const record = (type: "A" | "CNAME", value: string, ttlSeconds: number) =>
  ({ name, type, value, ttlSeconds }) as ResolvedName["records"][number];

test("a name is shown as each client is answered, or why it is not", () => {
  const records = [record("CNAME", "r.shop.test.", 10), record("A", "127.0.0.101", 60)];
  expect(
    formatNames([
      { near: "us-east-1", name, status: "found", records },
      { near: "eu-west-1", name, status: "no-data", records: [] },
    ]),
  ).toBe(
    [
      "near       api.shop.test",
      "us-east-1  CNAME r.shop.test (10 s) → A 127.0.0.101 (60 s)",
      "eu-west-1  no-data",
    ].join("\n"),
  );
});
