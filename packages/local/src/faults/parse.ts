import { outside, payments } from "../links/region-lag.ts";
import { type Fault, faultForms, faultSchema } from "./fault.ts";
import { checkFault } from "./faults.ts";

/** One line for the person: what is wrong and what the right form is. */
export interface ParseError {
  readonly error: string;
}

/** The services whose calls can be made to fail: those that the front hands to a local service. */
export const failableServices = ["dynamodb", "s3", "lambda"] as const;

/** `800ms`, `2s`, `1.5s`, `0`; negative with a sign. Undefined when it is none of these. */
export function parseMs(text: string): number | undefined {
  const match = /^([+-]?\d+(?:\.\d+)?)(ms|s)$/.exec(text);
  if (match === null) return /^[+-]?0$/.test(text) ? 0 : undefined;
  return Math.round(Number(match[1]) * (match[2] === "s" ? 1000 : 1));
}

/** `50%` as 0.5. Undefined when it is no percentage from 0 to 100. */
export function parseShare(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)%$/.exec(text);
  if (match === null) return undefined;
  const share = Number(match[1]) / 100;
  return share <= 1 ? share : undefined;
}

/**
 * Reads a fault as a person types it, for example `["lag", "us-east-1", "eu-west-1", "800ms"]`. Two places name a
 * link both ways; `--one-way` anywhere means only the first towards the second. `outside` is a person's machine,
 * `payments` the payment provider.
 */
export function parseFaultCommand(argv: readonly string[], regions: readonly string[]): Fault | ParseError {
  const flags = argv.filter((word) => word.startsWith("--"));
  const [type = "", ...words] = argv.filter((word) => !word.startsWith("--"));
  if (!isFaultType(type)) {
    return { error: `unknown command "${type}": choose from ${Object.keys(faultForms).join(", ")}` };
  }
  const wrongForm = { error: `usage: ${faultForms[type]}` };
  const unknownFlag = flags.find((flag) => flag !== "--one-way" || !faultForms[type].includes(flag));
  if (unknownFlag !== undefined) return { error: `unknown flag "${unknownFlag}"; ${wrongForm.error}` };

  const read = readers[type](words);
  if (read === undefined) return wrongForm;
  if ("error" in read) return { error: `${String(read["error"])}; ${wrongForm.error}` };
  const parsed = faultSchema.safeParse({ type, ...read, ...(flags.length > 0 && { oneWay: true }) });
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return { error: `${issue?.path.join(".")}: ${issue?.message}; ${wrongForm.error}` };
  }
  const error = checkFault(parsed.data, regions, [outside, payments]);
  return error === undefined ? parsed.data : { error };
}

function isFaultType(type: string): type is Fault["type"] {
  return Object.hasOwn(faultForms, type);
}

/** The command's members, undefined when the number of words is wrong, or what is wrong with one of them. */
type Read = Readonly<Record<string, unknown>> | undefined;

function readPair(words: readonly string[]): Read {
  const [from, to] = words;
  return words.length === 2 ? { from, to } : undefined;
}

function readRegion(words: readonly string[]): Read {
  return words.length === 1 ? { region: words[0] } : undefined;
}

function readFailure([region, target = "", amount = ""]: readonly string[]): Read {
  const match = /^([a-z0-9]+)(?::([A-Za-z0-9]+))?(?:\/([A-Za-z0-9_.-]+))?$/.exec(target);
  if (match === null) return { error: `"${target}" is no <service>[:<operation>][/<table>]` };
  const [, service = "", operation, table] = match;
  if (!failableServices.some((known) => known === service)) {
    return { error: `unknown service "${service}": choose from ${failableServices.join(", ")}` };
  }
  const share = parseShare(amount);
  if (share === undefined) return badAmount(amount, shareForm);
  return { region, service, share, ...(operation && { operation }), ...(table && { table }) };
}

const msForm = "a time such as 800ms or 2s";
const shareForm = "a percentage from 0% to 100%";

function badAmount(text: string, form: string): Read {
  return { error: `"${text}" is not ${form}` };
}

function readPayment([what = "", ...words]: readonly string[]): Read {
  if (what === "webhook") return readWebhook(words);
  const whole = paymentChanges.get(what);
  if (whole !== undefined) return words.length === 0 ? whole : undefined;
  const member = paymentAmounts.get(what);
  const [amount, ...rest] = words;
  if (member === undefined || amount === undefined || rest.length > 0) return undefined;
  const [value, form] = what === "slow" ? [parseMs(amount), msForm] : [parseShare(amount), shareForm];
  return value === undefined ? badAmount(amount, form) : { set: { [member]: value } };
}

/** Words of `pay` that say it all. */
const paymentChanges: ReadonlyMap<string, NonNullable<Read>> = new Map([
  ["ok", {}],
  ["decline", { set: { declineAll: true } }],
  ["twice", { set: { webhookTwice: true } }],
]);

/** Words of `pay` that an amount follows, and where it goes. */
const paymentAmounts: ReadonlyMap<string, string> = new Map([
  ["slow", "slowMs"],
  ["fail", "failShare"],
  ["lose", "loseAnswerShare"],
]);

function readWebhook([how, ...words]: readonly string[]): Read {
  const [amount, ...rest] = words;
  if (amount === undefined) return undefined;
  if (how === "to") return { set: { webhookTo: words } };
  if (how !== "late" || rest.length > 0) return undefined;
  const webhookDelayMs = parseMs(amount);
  return webhookDelayMs === undefined ? badAmount(amount, msForm) : { set: { webhookDelayMs } };
}

const readers: Readonly<Record<Fault["type"], (words: readonly string[]) => Read>> = {
  cut: readPair,
  pause: readPair,
  resume: readPair,
  heal: (words) => (words.length === 0 ? {} : readPair(words)),
  down: readRegion,
  up: readRegion,
  lag([from, to, amount, ...rest]) {
    if (amount === undefined || rest.length > 0) return undefined;
    const ms = parseMs(amount);
    return ms === undefined ? badAmount(amount, msForm) : { from, to, ms };
  },
  loss([from, to, amount, ...rest]) {
    if (amount === undefined || rest.length > 0) return undefined;
    const share = parseShare(amount);
    return share === undefined ? badAmount(amount, shareForm) : { from, to, share };
  },
  pay: readPayment,
  fail: (words) => (words.length === 3 ? readFailure(words) : undefined),
  skew([region, amount, ...rest]) {
    if (amount === undefined || rest.length > 0) return undefined;
    const ms = parseMs(amount);
    return ms === undefined ? badAmount(amount, msForm) : { region, ms };
  },
};
