import { parseArgs } from "node:util";
import { err, ok, type Result } from "@antipode/core";
import type { TimeScale } from "./time.ts";
import { parseAddress, type WebhookAddress } from "./webhooks/addresses.ts";

export interface SandboxOptions {
  /** 0 for any that is free. */
  readonly port: number;
  readonly apiKey: string;
  readonly webhookSecret: string;
  readonly webhookAddresses: readonly WebhookAddress[];
  readonly seed: number;
  /** How long a payment stays undecided that is decided late. */
  readonly processingMs: number;
  readonly time: TimeScale;
}

const timeScaleMax = 100;

export const usage =
  "node main.ts --api-key <key> --webhook-secret <secret> [--port 0] [--webhook-url [region=]<url>]… [--seed 1] [--processing-ms 500] [--time-scale 1 --time-since <ms since 1970>]";

function natural(text: string, max: number): number | undefined {
  const value = /^[0-9]{1,15}$/.test(text) ? Number(text) : Number.NaN;
  return value <= max ? value : undefined;
}

function readValues(arguments_: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...arguments_],
      options: {
        port: { type: "string", default: "0" },
        "api-key": { type: "string", default: "" },
        "webhook-secret": { type: "string", default: "" },
        "webhook-url": { type: "string", multiple: true, default: [] },
        seed: { type: "string", default: "1" },
        "processing-ms": { type: "string", default: "500" },
        "time-scale": { type: "string", default: "1" },
        "time-since": { type: "string", default: "0" },
      },
    });
    return ok(values);
  } catch (error) {
    return err(error instanceof Error ? error.message : "the arguments cannot be read");
  }
}

export function parseArguments(arguments_: readonly string[]): Result<SandboxOptions, string> {
  const values = readValues(arguments_);
  if (!values.ok) {
    return values;
  }
  const port = natural(values.value.port, 65_535);
  const seed = natural(values.value.seed, 2 ** 32 - 1);
  const processingMs = natural(values.value["processing-ms"], 3_600_000);
  if (port === undefined || seed === undefined || processingMs === undefined) {
    return err("--port, --seed and --processing-ms are whole numbers");
  }
  const scale = natural(values.value["time-scale"], timeScaleMax);
  const sinceMs = natural(values.value["time-since"], Number.MAX_SAFE_INTEGER);
  if (scale === undefined || scale < 1 || sinceMs === undefined) {
    return err(`--time-scale is a whole number from 1 to ${timeScaleMax}, --time-since ms since 1970`);
  }
  const { "api-key": apiKey, "webhook-secret": webhookSecret } = values.value;
  if (apiKey === "" || webhookSecret === "") {
    return err("--api-key and --webhook-secret are needed");
  }
  const webhookAddresses = values.value["webhook-url"].map(parseAddress);
  if (webhookAddresses.includes(undefined)) {
    return err("--webhook-url is an http address, or region=address");
  }
  return ok({
    port,
    apiKey,
    webhookSecret,
    webhookAddresses: webhookAddresses.filter((address) => address !== undefined),
    seed,
    processingMs,
    time: { scale, sinceMs },
  });
}
