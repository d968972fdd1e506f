import {
  etagToVector,
  type MalformedText,
  type Origin,
  originOf,
  regions as regionEntries,
  type VersionVector,
  vectorToText,
} from "@antipode/core";
import { type Answer, askShop, leavesOpen, problemName, type Reply, type ShopRequest } from "./request.ts";

/**
 * One sending of an operation to one region. `sent` and `at` are places in the run's single order of events: the
 * whole drill is one process, so what was answered before something was sent really came before it.
 */
export interface Attempt {
  readonly origin: Origin;
  readonly sent: number;
  readonly end: AttemptEnd;
}

export type AttemptEnd =
  /** Done, now or by an attempt before; `vector` is what the answer says that it contains. */
  | { readonly type: "done"; readonly at: number; readonly vector: VersionVector; readonly covered: boolean }
  /** Certainly not done by this attempt. */
  | { readonly type: "refused"; readonly at: number; readonly problem: string }
  /** Done or not. `over` says whether it can still be carried out later. */
  | { readonly type: "unknown"; readonly at: number; readonly over: boolean };

/** Gives each event of a run its place. */
export function createSequence(): () => number {
  let last = 0;
  return () => {
    last += 1;
    return last;
  };
}

export function originIn(region: string): Origin {
  const entry = regionEntries.find(({ name }) => name === region);
  if (!entry) throw new Error(`no region ${region}`);
  return originOf(entry);
}

/** A region that does not cover the token, and was told to be strict, did nothing. */
const refusalsToRetry = new Set(["not-covered"]);

/** A refusal that another try, or another region, cannot mend: the drill never sends what deserves one. */
export function isFinalRefusal(attempt: Attempt): boolean {
  return attempt.end.type === "refused" && !refusalsToRetry.has(attempt.end.problem);
}

export interface SendOptions {
  readonly api: (region: string) => string;
  readonly sequence: () => number;
  /** Told of each answer that is no refusal. */
  readonly onAnswer?: (answer: Answer, region: string, at: number) => void;
}

/** Sends to one region and says what is known of it afterwards. */
export async function attempt(region: string, request: ShopRequest, options: SendOptions): Promise<Attempt> {
  const sent = options.sequence();
  const reply = await askShop(options.api(region), request);
  const at = options.sequence();
  if (reply.type === "answer" && reply.status < 300) options.onAnswer?.(reply, region, at);
  return { origin: originIn(region), sent, end: endOf(reply, at) };
}

function endOf(reply: Reply, at: number): AttemptEnd {
  if (reply.type !== "answer") return { type: "unknown", at, over: reply.type === "cut" };
  if (reply.status < 300) {
    const covered = reply.headers.get("consistency") === "covered";
    return { type: "done", at, vector: vectorOf(reply.headers), covered };
  }
  const problem = problemName(reply.body);
  if (!leavesOpen(reply) || refusalsToRetry.has(problem)) return { type: "refused", at, problem };
  return { type: "unknown", at, over: true };
}

export function vectorOf(headers: Headers): VersionVector {
  const read = etagToVector(headers.get("etag") ?? "");
  if (!read.ok) throw new Error(`the shop answered with ${describeMalformed(read.error)}`);
  return read.value;
}

const describeMalformed = (error: MalformedText) => `"${error.received}" where ${error.expected} belongs`;

/** Tries region after region, with the same operation id, until one says what became of it. */
export async function attemptAlong(
  route: readonly string[],
  request: ShopRequest,
  options: SendOptions,
): Promise<readonly Attempt[]> {
  const attempts: Attempt[] = [];
  for (const region of route) {
    const made = await attempt(region, request, options);
    attempts.push(made);
    if (made.end.type === "done" || isFinalRefusal(made)) break;
  }
  return attempts;
}

/** The header that says what a client has seen. */
export function tokenHeaders(token: VersionVector, strict = false): Record<string, string> {
  const text = vectorToText(token);
  return {
    ...(text !== "0" && { "consistency-token": text }),
    ...(strict && { prefer: "consistency=strict" }),
  };
}

/** The answer of the first attempt that was done, if any. */
export function doneEnd(attempts: readonly Attempt[]): Extract<AttemptEnd, { type: "done" }> | undefined {
  for (const { end } of attempts) if (end.type === "done") return end;
  return undefined;
}
