import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AdminClaimsRefusal, Result } from "@antipode/core";
import * as z from "zod";
import { type Fault, faultSchema } from "../faults/fault.ts";
import { type FaultOutcome, unknownPlace } from "../faults/faults.ts";
import { type AdminTokenRequest, tokenRefusalText } from "./admin-token.ts";
import { type InvokeRequest, type NoFunction, noFunctionText } from "./invoke.ts";
import { type NoName, noNameText } from "./names.ts";
import { type NotScheduled, notScheduledText } from "./schedules.ts";
import { withSelling } from "./selling.ts";
import type {
  AlarmStatus,
  BackfillOutcome,
  PublishedMessage,
  ReplayOutcome,
  ResolvedName,
  RunOutcome,
  WorldStatus,
} from "./status.ts";

export interface Controlled {
  status(): WorldStatus;
  apply(fault: Fault): FaultOutcome;
  /** Runs the failed batches again, of one region or of all. */
  replay(region?: string): Promise<readonly ReplayOutcome[]>;
  /** Rebuilds views and conflict feeds, of one region or of all; by force also what is as new as the replica. */
  backfill(region?: string, force?: boolean): Promise<readonly BackfillOutcome[]>;
  /** Runs a scheduled function now, in one region or in all. */
  run(name: string, region?: string): Promise<Result<readonly RunOutcome[], NotScheduled>>;
  /** Invokes any function of a region now. */
  invoke(request: InvokeRequest): Promise<Result<RunOutcome, NoFunction>>;
  /** What clients near a region, or near each, are answered for a name. */
  resolve(name: string, near?: string): Result<readonly ResolvedName[], NoName>;
  /** Every alarm and its state. */
  alarms(): readonly AlarmStatus[];
  /** What people would have been told. */
  messages(): readonly PublishedMessage[];
  /** What the payment provider knows; nothing in a world without payments. */
  paymentLedger(): Promise<unknown>;
  /** An operator's token for the world's API. */
  adminToken(request: AdminTokenRequest): Result<string, AdminClaimsRefusal>;
}

const replaySchema = z.strictObject({ region: z.string().optional() });
const backfillSchema = replaySchema.extend({ force: z.boolean().optional() });
const runSchema = replaySchema.extend({ function: z.string() });
const invokeSchema = z.strictObject({ function: z.string(), region: z.string(), payload: z.json() });
const dnsSchema = z.strictObject({ name: z.string(), near: z.string().optional() });
const tokenSchema = z.strictObject({ name: z.string(), hours: z.number().optional() });

const commands =
  "GET /status, GET /alarms, GET /messages, GET /payments/ledger, POST /faults, POST /replay, POST /backfill, POST /run, POST /invoke, POST /dns, POST /token";

/** A fault is a few words, and so is what an operator tells a function. */
const bodyMaxBytes = 16_384;

/**
 * The world's own commands over HTTP, for `npm run world` and for drills. It listens on loopback only, and takes
 * only JSON sent to a loopback name, so that no page in a person's browser can reach it.
 */
export function createControlServer(world: Controlled): Server {
  return createServer((request, response) => {
    answer(world, request).then(
      ({ status, body }) => send(response, status, body),
      (error: unknown) =>
        send(response, 500, { error: error instanceof Error ? error.message : String(error) }),
    );
  });
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function answer(world: Controlled, request: IncomingMessage): Promise<Answer> {
  const host = (request.headers.host ?? "").replace(/:\d+$/, "");
  if (host !== "127.0.0.1" && host !== "localhost")
    return refuse(403, "this server answers on loopback only");
  if (request.method === "GET" && request.url === "/status")
    return { status: 200, body: await withSelling(world.status()) };
  if (request.method === "GET" && request.url === "/alarms") return { status: 200, body: world.alarms() };
  if (request.method === "GET" && request.url === "/messages") return { status: 200, body: world.messages() };
  if (request.method === "GET" && request.url === "/payments/ledger") return ledger(world);
  if (request.method !== "POST") return refuse(404, commands);
  if (!/^application\/json\s*(;|$)/.test(request.headers["content-type"] ?? ""))
    return refuse(415, "send application/json");
  const body = await readJson(request);
  if (body === undefined) return refuse(400, `send a JSON object of at most ${bodyMaxBytes} bytes`);
  if (request.url === "/faults") {
    const fault = faultSchema.safeParse(body);
    if (!fault.success) return refuse(400, fault.error.issues[0]?.message ?? "no fault");
    const outcome = world.apply(fault.data);
    return { status: outcome.ok ? 200 : 400, body: outcome };
  }
  if (request.url === "/replay") return inRegions(world, replaySchema.safeParse(body), world.replay);
  if (request.url === "/run") return runScheduled(world, body);
  if (request.url === "/invoke") return invoke(world, body);
  if (request.url === "/dns") return dns(world, body);
  if (request.url === "/token") return token(world, body);
  if (request.url === "/backfill") return inRegions(world, backfillSchema.safeParse(body), world.backfill);
  return refuse(404, commands);
}

async function ledger(world: Controlled): Promise<Answer> {
  const known = await world.paymentLedger();
  return known === undefined ? refuse(404, "this world has no payments") : { status: 200, body: known };
}

async function runScheduled(world: Controlled, body: object): Promise<Answer> {
  const asked = runSchema.safeParse(body);
  if (!asked.success) return refuse(400, 'send { "function": … }, and "region" for one alone');
  const { function: name, region } = asked.data;
  const unknown = unknownRegion(world, region);
  if (unknown !== undefined) return refuse(400, unknown);
  const outcome = await world.run(name, region);
  return outcome.ok ? { status: 200, body: outcome.value } : refuse(400, notScheduledText(outcome.error));
}

async function invoke(world: Controlled, body: object): Promise<Answer> {
  const asked = invokeSchema.safeParse(body);
  if (!asked.success) return refuse(400, 'send { "function": …, "region": …, "payload": … }');
  const { function: name, region, payload } = asked.data;
  const unknown = unknownRegion(world, region);
  if (unknown !== undefined) return refuse(400, unknown);
  const outcome = await world.invoke({ name, region, payload });
  return outcome.ok ? { status: 200, body: outcome.value } : refuse(400, noFunctionText(outcome.error));
}

function dns(world: Controlled, body: object): Answer {
  const asked = dnsSchema.safeParse(body);
  if (!asked.success) return refuse(400, 'send { "name": … }, and "near" for one region alone');
  const { name, near } = asked.data;
  const unknown = unknownRegion(world, near);
  if (unknown !== undefined) return refuse(400, unknown);
  const resolved = world.resolve(name, near);
  return resolved.ok ? { status: 200, body: resolved.value } : refuse(400, noNameText(resolved.error));
}

function token(world: Controlled, body: object): Answer {
  const asked = tokenSchema.safeParse(body);
  if (!asked.success) return refuse(400, 'send { "name": …, "hours": … }');
  const signed = world.adminToken(asked.data);
  return signed.ok
    ? { status: 200, body: { token: signed.value } }
    : refuse(400, tokenRefusalText(signed.error));
}

/** A command for one region or for all. */
async function inRegions(
  world: Controlled,
  asked: z.ZodSafeParseResult<z.infer<typeof backfillSchema>>,
  run: (region?: string, force?: boolean) => Promise<unknown>,
): Promise<Answer> {
  if (!asked.success) return refuse(400, 'send { } for all regions, or { "region": … }');
  const { region, force } = asked.data;
  const unknown = unknownRegion(world, region);
  if (unknown !== undefined) return refuse(400, unknown);
  return { status: 200, body: await run(region, force) };
}

function unknownRegion(world: Controlled, region: string | undefined): string | undefined {
  const known = world.status().regions.map((one) => one.region);
  if (region === undefined || known.includes(region)) return undefined;
  return unknownPlace("region", region, known);
}

const refuse = (status: number, error: string): Answer => ({ status, body: { error } });

async function readJson(request: IncomingMessage): Promise<object | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > bodyMaxBytes) return undefined;
    chunks.push(chunk);
  }
  try {
    const value: unknown = JSON.parse(Buffer.concat(chunks).toString("utf8"));
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined; // not JSON: the caller says what is
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(`${JSON.stringify(body)}\n`);
}
