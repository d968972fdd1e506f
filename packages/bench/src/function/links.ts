import { readFileSync } from "node:fs";
import path from "node:path";
import * as z from "zod";
import { repositoryRoot } from "../repository-root.ts";

export const apiHandler = "packages/functions/src/api/handler.handler";

/** The deployed API function as the committed graph of its home region has it. */
const graphFile = path.join(repositoryRoot, "graphs", "prod-us-east-1.json");

const graphShape = z.object({
  resources: z.array(
    z.object({
      function: z
        .object({
          handler: z.string(),
          links: z.record(z.string(), z.record(z.string(), z.unknown())),
          environment: z.record(z.string(), z.string()),
        })
        .optional(),
    }),
  ),
});

const signingSecret = Buffer.alloc(32, 7).toString("base64url");
export const signingKey = { kid: "bench", secret: signingSecret } as const;

/** What the graph has in the place of a secret. */
const secretMark = "[secret]";

/** What SST puts into the function's environment for its links, with a key of our own for the secret. */
export function linkEnvironment(): Readonly<Record<string, string>> {
  const { resources } = graphShape.parse(JSON.parse(readFileSync(graphFile, "utf8")));
  const deployed = resources.find((resource) => resource.function?.handler === apiHandler)?.function;
  if (deployed === undefined) {
    throw new Error(`${graphFile} has no function of ${apiHandler}: run "npm run graph"`);
  }
  const links = Object.entries(deployed.links).map(([name, link]): [string, string] => {
    const value = link["value"] === secretMark ? { value: JSON.stringify([signingKey]) } : {};
    return [`SST_RESOURCE_${name}`, JSON.stringify({ ...link, ...value })];
  });
  return { ...deployed.environment, ...Object.fromEntries(links) };
}

/** Of a table of the deployed environment, the same in every region. */
export function tableName(table: string): string {
  return `antipode-prod-${table}`;
}
