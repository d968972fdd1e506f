import * as z from "zod";
import { type Faults, faultsSchema, type OperationName } from "./provider/faults.ts";
import { ledgerOf } from "./provider/ledger.ts";
import type { Provider } from "./provider/provider.ts";
import { parseAddress } from "./webhooks/addresses.ts";
import type { Webhooks } from "./webhooks/deliver.ts";

export interface ControlledParts {
  readonly provider: Provider;
  readonly faults: Faults;
  /** Moves the provider's clock ahead: keys are forgotten, the search index catches up. */
  readonly passTime: (ms: number) => void;
  readonly webhooks: Webhooks;
  /** Operations that are executed at this moment, as those that were told to be slow. */
  readonly underWay: readonly OperationName[];
}

export interface ControlAnswer {
  readonly status: number;
  readonly body: unknown;
}

const addressesSchema = z.strictObject({
  urls: z.array(
    z.string().transform((text, context) => {
      const address = parseAddress(text);
      if (address === undefined) {
        context.addIssue({ code: "custom", message: "not an address" });
        return z.NEVER;
      }
      return address;
    }),
  ),
});

const actSchema = z.strictObject({ outcome: z.enum(["success", "failure"]) });

const passTimeSchema = z.strictObject({ ms: z.number().int().min(1) });

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function told<S extends z.ZodType>(
  schema: S,
  body: string,
  run: (value: z.output<S>) => ControlAnswer | undefined,
): ControlAnswer {
  const parsed = schema.safeParse(readJson(body));
  return parsed.success
    ? (run(parsed.data) ?? { status: 200, body: {} })
    : { status: 400, body: { issues: parsed.error.issues.map(({ path, message }) => ({ path, message })) } };
}

const failRefundPath = /^\/sandbox\/payments\/([^/]+)\/fail-refund$/;

const actPath = /^\/sandbox\/payments\/([^/]+)\/act$/;

/** What the sandbox is told, and asked, that the real provider has no words for. */
export function control(
  { provider, faults, passTime, webhooks, underWay }: ControlledParts,
  { method, url, body }: { readonly method: string; readonly url: URL; readonly body: string },
): ControlAnswer {
  const [, payment] = actPath.exec(url.pathname) ?? [];
  if (method === "POST" && payment !== undefined) {
    return told(actSchema, body, ({ outcome }) => provider.act(payment, outcome));
  }
  const [, givenBack] = failRefundPath.exec(url.pathname) ?? [];
  if (method === "POST" && givenBack !== undefined) {
    return provider.failRefund(givenBack);
  }
  switch (`${method} ${url.pathname}`) {
    case "GET /sandbox/ledger":
      return {
        status: 200,
        body: ledgerOf(provider.intents(), provider.refunds(), url.searchParams.get("order") ?? undefined),
      };
    case "GET /sandbox/webhooks":
      return { status: 200, body: webhooks.counts() };
    case "POST /sandbox/webhooks":
      return told(addressesSchema, body, ({ urls }) => {
        webhooks.sendTo(urls);
        return undefined;
      });
    case "POST /sandbox/faults":
      return told(faultsSchema, body, (parsed) => {
        faults.set(parsed.faults);
        return undefined;
      });
    case "GET /sandbox/under-way":
      return { status: 200, body: { operations: underWay } };
    case "POST /sandbox/decide":
      provider.decideAll();
      return { status: 200, body: {} };
    case "POST /sandbox/pass-time":
      return told(passTimeSchema, body, ({ ms }) => {
        passTime(ms);
        return undefined;
      });
    default:
      return { status: 404, body: { reason: "the sandbox has no such control" } };
  }
}
