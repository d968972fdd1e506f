import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isUlid } from "@antipode/core";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { mountedRoutes } from "../testing/mounted-routes.ts";
import { refusals } from "../testing/refusals.ts";
import { problems } from "./problems.ts";

const documentation = readFileSync(new URL("../../../../docs/api.md", import.meta.url), "utf8");

const problemSchema = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  instance: z.string(),
  errors: z.array(z.strictObject({ pointer: z.string(), detail: z.string() })).optional(),
});

type Problem = z.infer<typeof problemSchema>;

const documented = documentation
  .split("\n")
  .filter((line) => line.startsWith('{"type":"urn:'))
  .map((line) => problemSchema.parse(JSON.parse(line)));

/** A value with the type in the place of each text and number. */
function formOf(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(formOf);
  }
  return typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value).map(([name, member]) => [name, formOf(member)]))
    : typeof value;
}

/** Every word of a refusal; of ids, times and versions only that they are there. */
function wordsOf({ type, title, status, detail, errors, ...varying }: Problem) {
  const words = { type, title, status, detail, ...(errors === undefined ? {} : { errors }) };
  const { limit, limitBytes } = varying;
  return { ...words, ...Object(formOf(varying)), limit, limitBytes };
}

const sourceFolder = fileURLToPath(new URL("..", import.meta.url));
const source = readdirSync(sourceFolder, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts") && !file.startsWith("testing"))
  .map((file) => readFileSync(join(sourceFolder, file), "utf8"))
  .join("\n");

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
  expect(documented.length).toBeGreaterThanOrEqual(Object.keys(refusals).length);
  for (const { type, title, status, detail, instance } of documented) {
    expect(problems).toHaveProperty(type.slice("urn:antipode:problem:".length), { status, title });
    expect(detail).toMatch(/[.?]$/);
    expect(isUlid(instance)).toBe(true);
  }
});

describe("the refusal that the API really answers is in docs/api.md:", () => {
  test.each(Object.entries(refusals))("%s", async (_what, refuse) => {
    const answered = problemSchema.parse(await (await refuse()).json());
    const ofItsName = documented.filter(({ type }) => type === answered.type).map(wordsOf);
    expect(ofItsName).toContainEqual(wordsOf(answered));
  });
});

test("docs/api.md shows no refusal that the API does not answer", async () => {
  const answers = await Promise.all(Object.values(refusals).map((refuse) => refuse()));
  const answered = await Promise.all(
    answers.map(async (one) => problemSchema.parse(await one.json()).detail),
  );
  const unheard = documented.filter(({ detail }) => !answered.includes(detail) && !source.includes(detail));
  expect(unheard.map(({ detail }) => detail)).toEqual([]);
});

test("docs/api.md has every path", () => {
  for (const { contract } of Object.values(mountedRoutes()).flat()) {
    const path = contract.path.replace(/:(\w+)/g, (_whole, name) => `{${/Id$/.test(name) ? "id" : name}}`);
    expect(documentation).toContain(`| \`${contract.method} ${path}\` |`);
  }
});
