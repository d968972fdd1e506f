import type { FaultListener } from "../faults/faults.ts";
import type { Links } from "../links/links.ts";
import { payments as provider } from "../links/region-lag.ts";
import type { Scheduler, TimeScale } from "../links/scheduler.ts";
import type { FunctionDefinition } from "../services/lambda/definition.ts";
import { createDoor, type Door } from "./door.ts";
import { type Sandbox, startSandbox } from "./sandbox.ts";

/** The link by which a function gets the provider's key: whoever has it asks the provider. */
const keyLink = "PaymentKey";

/** Where the shop takes the provider's webhooks. */
const webhookPath = "/v1/payments/webhook";

export interface PaymentsStatus {
  /** Where the sandbox itself answers, for a person. */
  readonly url: string;
  readonly running: boolean;
}

/** The payment provider of all regions, played by a sandbox. */
export interface Payments {
  /** The same functions; those that ask the provider are told where their region reaches it. */
  withProvider(functions: readonly FunctionDefinition[]): FunctionDefinition[];
  /** Tells the sandbox what is wrong with it, as the world's faults change. */
  readonly followFaults: FaultListener;
  status(): PaymentsStatus;
  ledger(): Promise<unknown>;
  close(): Promise<void>;
}

export interface PaymentsOptions {
  readonly regions: readonly string[];
  readonly links: Links;
  /** The machine's time: how long a process may take to start and to end. */
  readonly machine: Scheduler;
  readonly time: TimeScale;
  /** The sandbox's file. */
  readonly main: string;
  /** Where the sandbox listens; 0 for any that is free. */
  readonly port: number;
  readonly secrets: { readonly PaymentKey: string; readonly PaymentWebhookSecret: string };
  readonly seed: number;
  /** A region's API, once there is one. */
  readonly api: (region: string) => string;
  readonly warn: (line: string) => void;
}

export function takesPayments(functions: readonly FunctionDefinition[]): boolean {
  return functions.some(({ links }) => Object.hasOwn(links, keyLink));
}

/**
 * Starts the sandbox, and for each region a door to it and one from it: what a region says to its provider and hears of
 * it crosses links as everything does. Rejects with `SandboxError`.
 */
export async function createPayments(options: PaymentsOptions): Promise<Payments> {
  const { regions, links, secrets, machine, time, seed, warn } = options;
  const doors: Door[] = [];
  let sandbox: Sandbox | undefined;
  const close = async () => {
    await sandbox?.close();
    await Promise.all(doors.map((door) => door.close()));
  };
  const openDoors = async (open: (region: string) => Parameters<typeof createDoor>[0]) => {
    const urls: Record<string, string> = {};
    for (const region of regions) {
      const door = await createDoor(open(region));
      doors.push(door);
      urls[region] = door.url;
    }
    return urls;
  };
  const onBug = (error: unknown) => warn(`payments: ${String(error)}`);
  try {
    const hooks = await openDoors((region) => {
      return { from: provider, to: region, links, target: () => options.api(region), onBug };
    });
    const started = await startSandbox({
      main: options.main,
      port: options.port,
      apiKey: secrets.PaymentKey,
      webhookSecret: secrets.PaymentWebhookSecret,
      webhookUrls: mapValues(hooks, (url) => `${url}${webhookPath}`),
      seed,
      machine,
      time,
      warn,
    });
    sandbox = started;
    // A call that comes after a command finds the sandbox as the command says.
    const target = () => started.ready().then(() => started.url);
    const bases = await openDoors((region) => ({ from: region, to: provider, links, target, onBug }));
    return {
      withProvider: (functions) => functions.map((one) => withProvider(one, bases[one.region] ?? "")),
      followFaults(next, previous) {
        if (next.payments !== previous.payments) started.setFaults(next.payments);
      },
      status: () => ({ url: started.url, running: started.isRunning() }),
      ledger: started.ledger,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function withProvider(definition: FunctionDefinition, base: string): FunctionDefinition {
  if (!takesPayments([definition])) return definition;
  return { ...definition, environment: { ...definition.environment, STRIPE_API_BASE: base } };
}

function mapValues(record: Record<string, string>, change: (value: string) => string) {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}
