import { readFileSync } from "node:fs";
import { isUlid } from "@antipode/core";
import { expect, test } from "vitest";
import * as z from "zod";
import { createTestApi } from "../testing/test-world.ts";
import { apiRoutes } from "./create-api.ts";
import { problems } from "./problems.ts";

const documentation = readFileSync(new URL("../../../../docs/api.md", import.meta.url), "utf8");

const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  instance: z.string(),
});

test.each(Object.entries(problems))(
  "docs/api.md has %s in its table and as JSON",
  (name, { status, title }) => {
    expect(documentation).toContain(`| \`${name}\` | ${status} |`);
    expect(documentation).toContain(
      `{"type":"urn:antipode:problem:${name}","title":"${title}","status":${status},`,
    );
  },
);

test("docs/api.md shows refusals as they are sent: JSON, one a line", () => {
  const lines = documentation.split("\n").filter((line) => line.startsWith('{"type":"urn:'));
  expect(lines.length).toBeGreaterThanOrEqual(Object.keys(problems).length);
  for (const line of lines) {
    const { type, title, status, detail, instance } = problemSchema.parse(JSON.parse(line));
    expect(problems).toHaveProperty(type.slice("urn:antipode:problem:".length), { status, title });
    expect(detail).toMatch(/[.?]$/);
    expect(isUlid(instance)).toBe(true);
  }
});

test("docs/api.md has every path", () => {
  for (const { contract } of apiRoutes(createTestApi())) {
    const path = contract.path.replace(/:(\w+)/g, (_whole, name) => `{${/Id$/.test(name) ? "id" : name}}`);
    expect(documentation).toContain(`| \`${contract.method} ${path}\` |`);
  }
});
