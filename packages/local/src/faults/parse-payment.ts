import { type ReadAmount, readMs, readShare } from "./amounts.ts";
import { slowMaxMs, webhookDelayMaxMs } from "./payment-faults.ts";

/** Words of a command as members of its fault, or one line that says what is wrong with one of them. */
export type ReadWords = Readonly<Record<string, unknown>>;

/** Words of `pay` that say it all. */
const wholes: ReadonlyMap<string, ReadWords> = new Map([
  ["ok", {}],
  ["decline", { set: { declineAll: true } }],
  ["twice", { set: { webhookTwice: true } }],
]);

interface Amount {
  readonly member: string;
  readonly what: string;
  read(text: string): ReadAmount;
}

/** Words of `pay` that an amount follows. */
const amounts: ReadonlyMap<string, Amount> = new Map([
  ["slow", { member: "slowMs", what: "a time", read: (text) => readMs(text, 0, slowMaxMs) }],
  ["fail", { member: "failShare", what: "a percentage", read: readShare }],
  ["lose", { member: "loseAnswerShare", what: "a percentage", read: readShare }],
]);

const webhookLate: Amount = {
  member: "webhookDelayMs",
  what: "a time",
  read: (text) => readMs(text, 0, webhookDelayMaxMs),
};

/** `ledger` breaks nothing, so the command line takes it before a fault is read; to a person it is a choice like the others. */
const choices = ["slow", "decline", "fail", "lose", "webhook", "twice", "ok", "ledger"].join(", ");

export function readPayment([what, ...words]: readonly string[]): ReadWords {
  if (what === undefined) return { error: `"pay" needs a word: choose from ${choices}` };
  if (what === "webhook") return readWebhook(words);
  const amount = amounts.get(what);
  if (amount !== undefined) return readAmount(`pay ${what}`, amount, words);
  const [extra] = words;
  const whole = wholes.get(what);
  if (whole === undefined) return { error: `unknown word "${what}" after "pay": choose from ${choices}` };
  return extra === undefined ? whole : { error: `"${extra}" is one word too many after "pay ${what}"` };
}

function readAmount(command: string, { member, what, read }: Amount, words: readonly string[]): ReadWords {
  const [text, extra] = words;
  if (text === undefined) return { error: `"${command}" needs ${what}` };
  if (extra !== undefined) return { error: `"${extra}" is one word too many after "${command} ${text}"` };
  const amount = read(text);
  return "error" in amount ? amount : { set: { [member]: amount.value } };
}

function readWebhook([how, ...words]: readonly string[]): ReadWords {
  if (how === undefined) return { error: '"pay webhook" needs a word: choose from late, to' };
  if (how === "late") return readAmount("pay webhook late", webhookLate, words);
  if (how !== "to") return { error: `unknown word "${how}" after "pay webhook": choose from late, to` };
  return words.length > 0 ? { set: { webhookTo: words } } : { error: '"pay webhook to" needs a region' };
}
