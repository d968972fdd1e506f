import type { Scheduler } from "../../links/scheduler.ts";
import type { Connect } from "./connect.ts";
import { afterResult, type CheckerState, type EndpointCheck, newChecker } from "./health-check.ts";
import type { HealthCheckId } from "./record-set.ts";

/** From where Route 53 checks when a check does not say otherwise. */
export const checkerRegions = [
  "us-east-1",
  "us-west-1",
  "us-west-2",
  "eu-west-1",
  "ap-southeast-1",
  "ap-southeast-2",
  "ap-northeast-1",
  "sa-east-1",
] as const;

/** Route 53's own: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html */
const connectTimeoutMs = 4_000;
const answerTimeoutMs = 2_000;
/** Checks begin at this share of a slot apart, the golden ratio's: however many there are, they never come all at once. */
const apartShare = 0.618;

export interface Observation {
  readonly region: string;
  readonly state: CheckerState;
  /** Of the latest poll, as Route 53 words it; absent before the first. */
  readonly latest?: { readonly status: string; readonly atMs: number };
}

export interface Checkers {
  /** Polls from now on; a check of that id that was polled before is forgotten. */
  watch(id: HealthCheckId, check: EndpointCheck): void;
  observations(id: HealthCheckId): readonly Observation[];
  stop(): void;
}

export interface CheckersOptions {
  readonly connect: Connect;
  readonly scheduler: Scheduler;
  /** No wait for an endpoint is shorter: where time goes faster than the machine, its load would be taken for an outage. */
  readonly patienceMs?: number;
  /** Told when a checker changes its mind: answers may be others from now on. */
  readonly onChange?: (id: HealthCheckId) => void;
}

/** Endpoint checks that ask the same, however they take the answer: polled once, where Route 53 polls for each. */
interface SharedWatch {
  readonly watch: Watch;
  readonly ids: Set<HealthCheckId>;
}

const questionOf = ({ inverted: _, ...asked }: EndpointCheck) => JSON.stringify(Object.entries(asked).sort());

/** One checker in each of Route 53's regions for each endpoint, each with its own mind, spread over the interval. */
export function createCheckers(options: CheckersOptions): Checkers {
  const watched = new Map<HealthCheckId, string>();
  const shared = new Map<string, SharedWatch>();
  let begun = 0;

  function begin(check: EndpointCheck): SharedWatch {
    const phase = (begun * apartShare) % 1;
    begun += 1;
    const ids = new Set<HealthCheckId>();
    const onChange = () => {
      for (const id of ids) options.onChange?.(id);
    };
    return { ids, watch: startWatch(check, { ...options, phase, onChange }) };
  }

  function leave(id: HealthCheckId): void {
    const question = watched.get(id) ?? "";
    const one = shared.get(question);
    one?.ids.delete(id);
    if (one?.ids.size === 0) {
      one.watch.stop();
      shared.delete(question);
    }
  }

  return {
    watch(id, check) {
      leave(id);
      const question = questionOf(check);
      const one = shared.get(question) ?? begin(check);
      one.ids.add(id);
      shared.set(question, one);
      watched.set(id, question);
    },
    observations: (id) => shared.get(watched.get(id) ?? "")?.watch.observations() ?? [],
    stop() {
      for (const { watch } of shared.values()) watch.stop();
      shared.clear();
      watched.clear();
    },
  };
}

interface Watch {
  observations(): readonly Observation[];
  stop(): void;
}

interface WatchOptions extends Omit<CheckersOptions, "onChange"> {
  readonly onChange: () => void;
  /** Where in its slot of the interval each checker begins, from 0 (included) to 1 (excluded). */
  readonly phase: number;
}

function startWatch(check: EndpointCheck, options: WatchOptions): Watch {
  const { scheduler, phase } = options;
  const intervalMs = check.requestIntervalSeconds * 1_000;
  const observations: Observation[] = checkerRegions.map((region) => ({ region, state: newChecker }));
  const cancels = new Map<number, () => void>();
  const stopping = new AbortController();

  async function poll(index: number): Promise<void> {
    const startMs = scheduler.now();
    const { passed, status } = await pollEndpoint(check, options, stopping.signal);
    const before = observations[index];
    if (stopping.signal.aborted || before === undefined) return;
    const state = afterResult(before.state, passed, check.failureThreshold);
    observations[index] = { region: before.region, state, latest: { status, atMs: scheduler.now() } };
    if (state.healthy !== before.state.healthy) options.onChange();
    // From start to start; a poll that took longer than the interval is followed at once.
    later(index, startMs + intervalMs - scheduler.now());
  }

  function later(index: number, delayMs: number): void {
    const cancel = scheduler.after(Math.max(0, delayMs), () => void poll(index));
    cancels.set(index, cancel);
  }

  if (!check.disabled) {
    const slotMs = intervalMs / checkerRegions.length;
    for (const index of checkerRegions.keys()) later(index, slotMs * (index + phase));
  }
  return {
    observations: () => observations,
    stop() {
      stopping.abort();
      for (const cancel of cancels.values()) cancel();
    },
  };
}

interface PollResult {
  readonly passed: boolean;
  readonly status: string;
}

/** Any status of 2xx or 3xx passes; a redirection is not followed. */
async function pollEndpoint(
  check: EndpointCheck,
  { connect, scheduler, patienceMs = 0 }: WatchOptions,
  stopping: AbortSignal,
): Promise<PollResult> {
  const limits = { scheduler, patienceMs, stopping };
  const connection = await within(connectTimeoutMs, limits, (signal) => connect(check, signal));
  if (connection.type === "late") {
    return failed("The health checker could not establish a connection within the timeout limit.");
  }
  if (connection.type === "broken")
    return failed(`The health checker could not connect: ${connection.reason}.`);
  try {
    const answer = await within(answerTimeoutMs, limits, (signal) =>
      connection.value.get(check.path, signal),
    );
    if (answer.type === "late") {
      return failed("The endpoint did not respond to the health checker's request within the timeout limit.");
    }
    if (answer.type === "broken") return failed(`The connection broke: ${answer.reason}.`);
    const { status, reason } = answer.value;
    const passed = status >= 200 && status < 400;
    return { passed, status: `${passed ? "Success" : "Failure"}: HTTP Status Code ${status}, ${reason}` };
  } finally {
    connection.value.close();
  }
}

function failed(reason: string): PollResult {
  return { passed: false, status: `Failure: ${reason}` };
}

type Outcome<T> =
  | { readonly type: "done"; readonly value: T }
  | { readonly type: "broken"; readonly reason: string }
  | { readonly type: "late" };

interface Limits {
  readonly scheduler: Scheduler;
  readonly patienceMs: number;
  readonly stopping: AbortSignal;
}

/** The work's outcome, or `late` when its time is over first; the work is told to end then, and when checking stops. */
async function within<T>(
  timeoutMs: number,
  { scheduler, patienceMs, stopping }: Limits,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<Outcome<T>> {
  const late = new AbortController();
  const cancel = scheduler.after(Math.max(timeoutMs, patienceMs), () => late.abort());
  try {
    return { type: "done", value: await work(AbortSignal.any([late.signal, stopping])) };
  } catch (error) {
    if (late.signal.aborted) return { type: "late" };
    return { type: "broken", reason: error instanceof Error ? error.message : String(error) };
  } finally {
    cancel();
  }
}
