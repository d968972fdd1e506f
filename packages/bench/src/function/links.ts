import { readFileSync } from "node:fs";
import path from "node:path";
import * as z from "zod";
import { repositoryRoot } from "../repository-root.ts";

export const apiHandler = "packages/functions/src/api/handler.handler";
export const checkoutHandler = "packages/functions/src/checkout/handler.handler";
export const stockDispatcherHandler = "packages/functions/src/dispatcher/stock/handler.handler";

/** The deployed functions as the committed graph of the home region has them. */
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

/** What the provider's stand-in takes. */
export const paymentKey = "sk_test_bench";
export const paymentWebhookSecret = "whsec_bench";

/** What the graph has in the place of a secret. */
const secretMark = "[secret]";

const secrets: ReadonlyMap<string, string> = new Map([
  ["SessionKeys", JSON.stringify([signingKey])],
  ["PaymentKey", paymentKey],
  ["PaymentWebhookSecret", paymentWebhookSecret],
]);

/** What SST puts into a function's environment for its links, with keys of our own for the secrets. */
export function linkEnvironment(handler: string): Readonly<Record<string, string>> {
  const { resources } = graphShape.parse(JSON.parse(readFileSync(graphFile, "utf8")));
  const deployed = resources.find((resource) => resource.function?.handler === handler)?.function;
  if (deployed === undefined) {
    throw new Error(`${graphFile} has no function of ${handler}: run "npm run graph"`);
  }
  const links = Object.entries(deployed.links).map(([name, link]): [string, string] => {
    const value = link["value"] === secretMark ? { value: secrets.get(name) } : {};
    return [`SST_RESOURCE_${name}`, JSON.stringify({ ...link, ...value })];
  });
  return { ...deployed.environment, ...Object.fromEntries(links) };
}

/** Of a table of the deployed environment, the same in every region. */
export function tableName(table: string): string {
  return `antipode-prod-${table}`;
}
