/** Where an operator's token comes from: a deployed stage's session keys, or the local world of this checkout. */
import { parseArgs } from "node:util";
import { err, ok, type Result } from "../packages/core/src/result/result.ts";
import {
  type AdminTokenRequest,
  adminHoursDefault,
  signAdminToken,
  tokenRefusalText,
} from "../packages/local/src/world/admin-token.ts";
import { readWorldState } from "../packages/local/src/world/state-file.ts";

const usage = "usage: npm run -s token -- [--name alice] [--hours 8]";

/** What to do for a token of a deployed stage. */
const shell = "npx sst shell --stage prod-us-east-1 -- npm run -s token";

/** The world answers at once; this long it may take on a busy machine. */
const answerWithinMs = 5_000;

/** Reads the command line; the error is one line with what to do instead. */
export function readTokenArguments(argv: readonly string[]): Result<AdminTokenRequest, string> {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: { name: { type: "string" }, hours: { type: "string" } },
    });
    const { name = "operator", hours = String(adminHoursDefault) } = values;
    return /^(?:[0-9]+(?:\.[0-9]+)?)$/.test(hours)
      ? ok({ name, hours: Number(hours) })
      : err(`"${hours}" is not a number of hours; ${usage}`);
  } catch (error) {
    const [message] = (error instanceof Error ? error.message : String(error)).split(/\.\s/); // its first sentence
    return err(`${message}; ${usage}`);
  }
}

/** Signed here with the session keys of the stage that `sst shell` linked. */
export function deployedToken(
  link: string,
  request: AdminTokenRequest,
  nowMs: number,
): Result<string, string> {
  let keySet: unknown;
  try {
    keySet = Reflect.get(Object(JSON.parse(link)), "value");
  } catch {
    keySet = undefined; // no JSON: as good as no value
  }
  if (typeof keySet !== "string") {
    return err(`SST_RESOURCE_SessionKeys is not a linked secret: run this as "${shell}"`);
  }
  const signed = signAdminToken(keySet, request, nowMs);
  return signed.ok ? signed : err(tokenRefusalText(signed.error));
}

/** Signed by the local world of this checkout, which alone knows its keys. */
export async function worldToken(root: string, request: AdminTokenRequest): Promise<Result<string, string>> {
  const state = readWorldState(root);
  const none = `no local world of this checkout answers: start one with "npm run local", or run "${shell}" for a deployed stage`;
  if (state === undefined) {
    return err(none);
  }
  let answer: unknown;
  try {
    const response = await fetch(`${state.control}/token`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(request),
      signal: AbortSignal.timeout(answerWithinMs),
    });
    answer = await response.json();
  } catch {
    return err(none);
  }
  const member = (name: string): unknown => Reflect.get(Object(answer), name);
  const token = member("token");
  return typeof token === "string" ? ok(token) : err(String(member("error") ?? none));
}
