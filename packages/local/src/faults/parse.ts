import { outside, payments } from "../links/region-lag.ts";
import { type ReadAmount, readMs, readShare } from "./amounts.ts";
import { type Fault, faultForms, faultSchema, lagMaxMs, skewMaxMs, slowMaxMs } from "./fault.ts";
import { checkFault } from "./faults.ts";
import { type ReadWords, readPayment } from "./parse-payment.ts";

/** One line for the person: what is wrong and what the right form is. */
export interface ParseError {
  readonly error: string;
}

/** The services whose calls can be made to fail: the shop's API, and those that the front hands to a local service. */
export const failableServices = [
  "api",
  "dynamodb",
  "s3",
  "lambda",
  "route53",
  "cloudwatch",
  "sns",
  "events",
  "sqs",
  "cloudfront",
] as const;

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
  const form = `usage: ${faultForms[type]}`;
  const unknownFlag = flags.find((flag) => flag !== "--one-way" || !faultForms[type].includes(flag));
  if (unknownFlag !== undefined) return { error: `unknown flag "${unknownFlag}"; ${form}` };
  if (words.includes("")) return { error: `a word is empty; ${form}` };

  const read = readers[type](words);
  if ("error" in read) return { error: `${String(read["error"])}; ${form}` };
  const fault = faultSchema.parse({ type, ...read, ...(flags.length > 0 && { oneWay: true }) });
  const error = checkFault(fault, regions, [outside, payments]);
  return error === undefined ? fault : { error };
}

function isFaultType(type: string): type is Fault["type"] {
  return Object.hasOwn(faultForms, type);
}

type Reader = (words: readonly string[]) => ReadWords;

/** So many words, as members of these names. */
function readNamed(...names: readonly string[]): Reader {
  return (words) => {
    const extra = words[names.length];
    if (extra !== undefined) return { error: `"${extra}" is one word too many` };
    if (words.length < names.length) return { error: "too few words" };
    return Object.fromEntries(names.map((name, index) => [name, words[index]]));
  };
}

/** The same, and the last of them is an amount. */
function readWithAmount(
  names: readonly string[],
  member: string,
  read: (text: string) => ReadAmount,
): Reader {
  const readWords = readNamed(...names, "amount");
  return (words) => {
    const { amount, ...members } = readWords(words);
    if ("error" in members) return members;
    const taken = read(String(amount));
    return "error" in taken ? taken : { ...members, [member]: taken.value };
  };
}

const readPair = readNamed("from", "to");
const readRegion = readNamed("region");

function readTarget(target: string): ReadWords {
  const match = /^([a-z0-9]+)(?::([A-Za-z0-9]+))?(?:\/([A-Za-z0-9_.-]+))?$/.exec(target);
  if (match === null) return { error: `"${target}" is no <service>[:<operation>][/<table>]` };
  const [, service = "", operation, table] = match;
  if (!failableServices.some((known) => known === service)) {
    return { error: `unknown service "${service}": choose from ${failableServices.join(", ")}` };
  }
  if (service === "api" && (operation ?? table) !== undefined) {
    return { error: `"${target}" goes too far: of the api all that shoppers ask fails alike` };
  }
  return { service, ...(operation && { operation }), ...(table && { table }) };
}

const readFailure: Reader = (words) => {
  const { target, ...failure } = readWithAmount(["region", "target"], "share", readShare)(words);
  return "error" in failure ? failure : { ...failure, ...readTarget(String(target)) };
};

const readSlowness: Reader = (words) => {
  const slowness = readWithAmount(["region", "service"], "ms", (text) => readMs(text, 0, slowMaxMs))(words);
  if ("error" in slowness || slowness["service"] === "api") return slowness;
  return { error: `only the api can be slow, not "${String(slowness["service"])}"` };
};

const readers: Readonly<Record<Fault["type"], Reader>> = {
  cut: readPair,
  pause: readPair,
  resume: readPair,
  heal: (words) => (words.length === 0 ? {} : readPair(words)),
  down: readRegion,
  up: readRegion,
  lag: readWithAmount(["from", "to"], "ms", (text) => readMs(text, 0, lagMaxMs)),
  loss: readWithAmount(["from", "to"], "share", readShare),
  pay: readPayment,
  fail: readFailure,
  slow: readSlowness,
  skew: readWithAmount(["region"], "ms", (text) => readMs(text, -skewMaxMs, skewMaxMs)),
};
