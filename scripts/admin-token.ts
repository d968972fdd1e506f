/** Where an operator's token comes from: a deployed stage's session keys, or the local world of this checkout. */
import { err, ok, type Result } from "../packages/core/src/result/result.ts";
import { asksForHelp, readOptions } from "../packages/local/src/cli/options.ts";
import {
  type AdminTokenRequest,
  adminHoursDefault,
  refuseTokenRequest,
  signAdminToken,
  tokenRefusalText,
} from "../packages/local/src/world/admin-token.ts";
import { readWorldState } from "../packages/local/src/world/state-file.ts";

/** What to do for a token of a deployed environment: any of its stages has the keys, and one whose region is up gives them. */
const shell = "npx sst shell --stage prod-<region> -- npm run -s token";

/** The world answers at once; this long it may take on a busy machine. */
const answerWithinMs = 5_000;

const forms = { name: "a name", hours: "a number of hours" };

export const tokenHelp = `npm run -s token -- [--name operator] [--hours ${adminHoursDefault}]
  --name: who it is for, as logs will name them
  --hours: how long it is good, up to 24
Prints a token for the running local world. For a deployed environment, by any region that is up: ${shell}`;

export type TokenArguments =
  | { readonly type: "sign"; readonly request: AdminTokenRequest }
  | { readonly type: "help" }
  | { readonly type: "error"; readonly error: string };

/** Reads the command line, or says in one line what is wrong with it. */
export function readTokenArguments(argv: readonly string[]): TokenArguments {
  if (argv[0] === "help" || asksForHelp(argv)) return { type: "help" };
  const options = readOptions(argv, forms);
  if (!options.ok) return { type: "error", error: options.error };
  const { name = "operator", hours = String(adminHoursDefault) } = Object.fromEntries(options.value);
  if (!/^[0-9]+(\.[0-9]+)?$/.test(hours))
    return { type: "error", error: `--hours takes ${forms.hours}, not "${hours}"` };
  const request = { name, hours: Number(hours) };
  const error = refuseTokenRequest(request);
  return error === undefined ? { type: "sign", request } : { type: "error", error };
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
