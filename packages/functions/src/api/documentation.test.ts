import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createTestApi } from "../testing/test-world.ts";
import { apiRoutes } from "./create-api.ts";
import { problems } from "./problems.ts";

const documentation = readFileSync(new URL("../../../../docs/api.md", import.meta.url), "utf8");

test.each(Object.entries(problems))(
  "docs/api.md has %s in its table and as JSON",
  (name, { status, title }) => {
    expect(documentation).toContain(`| \`${name}\` | ${status} |`);
    expect(documentation).toContain(
      `{"type":"urn:antipode:problem:${name}","title":"${title}","status":${status},`,
    );
  },
);

test("docs/api.md has every path", () => {
  for (const { contract } of apiRoutes(createTestApi())) {
    const path = contract.path.replace(/:\w+/, "{id}");
    expect(documentation).toContain(`| \`${contract.method} ${path}\` |`);
  }
});
