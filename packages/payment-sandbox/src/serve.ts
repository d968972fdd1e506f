import { execute, unknownOperation } from "./provider/execute.ts";
import {
  broken,
  type Failure,
  invalid,
  keyInUse,
  limited,
  otherParameters,
  unknownKey,
} from "./provider/failure.ts";
import type { DrawnFaults, Faults, OperationName } from "./provider/faults.ts";
import { formFingerprint } from "./provider/form.ts";
import type { Answer, IdempotencyKeys } from "./provider/idempotency.ts";
import { operationOf } from "./provider/operations.ts";
import type { Provider, Told } from "./provider/provider.ts";
import { failureJson } from "./provider/wire.ts";

export interface WireRequest {
  readonly method: string;
  readonly url: URL;
  readonly authorization: string;
  readonly idempotencyKey: string | undefined;
  readonly body: string;
}

/** What goes back; `broken` means that the connection ends without an answer. */
export type WireAnswer =
  | {
      readonly type: "answered";
      readonly answer: Answer;
      readonly replayed: boolean;
    }
  | { readonly type: "broken" };

export interface ServedParts {
  readonly provider: Provider;
  readonly faults: Faults;
  readonly keys: IdempotencyKeys;
  readonly apiKey: string;
  /** Operations that are executed at this moment. */
  readonly underWay: OperationName[];
  readonly wait: (ms: number) => Promise<void>;
}

const keyCharsMax = 255;

/** Stripe's search finds an object within a minute in normal conditions; here never sooner, so that nobody relies on it. */
const indexedAfterMs = 60_000;

function answerOf(failure: Failure): Answer {
  return { status: failure.status, body: JSON.stringify(failureJson(failure)) };
}

function answered(answer: Answer, { replayed = false } = {}): WireAnswer {
  return { type: "answered", answer, replayed };
}

function toldBy(drawn: DrawnFaults): Told {
  return {
    decline: drawn.decline !== undefined,
    indexedAfterMs: drawn["index-late"]?.ms ?? indexedAfterMs,
  };
}

/** Waits, and shows the operation as under way meanwhile. */
async function dawdle({ underWay, wait }: ServedParts, operation: OperationName, ms: number): Promise<void> {
  underWay.push(operation);
  await wait(ms);
  underWay.splice(underWay.indexOf(operation), 1);
}

/** Executes a request once, keeps its answer under the key, and lets the told faults befall it. */
async function run(
  parts: ServedParts,
  request: { operation: OperationName; id: string; form: string; key: string | undefined },
  drawn: DrawnFaults,
): Promise<WireAnswer> {
  const { provider, keys } = parts;
  const { operation, id, form, key } = request;
  const { slow, fail } = drawn;
  if (slow !== undefined && slow.when !== "after") {
    await dawdle(parts, operation, slow.ms);
  }
  const outcome =
    fail?.effect === "none" ? undefined : execute(provider, { operation, id, form, told: toldBy(drawn) });
  const answer =
    fail !== undefined
      ? answerOf(broken(fail.status ?? 500))
      : { status: outcome?.status ?? 500, body: JSON.stringify(outcome?.body) };
  if (key !== undefined) {
    if (fail !== undefined || outcome?.executed === true) {
      keys.keep(key, answer);
    } else {
      keys.drop(key);
    }
  }
  if (slow?.when === "after") {
    await dawdle(parts, operation, slow.ms);
  }
  return drawn["lose-answer"] === undefined ? answered(answer) : { type: "broken" };
}

/** Answers one request as the provider would: who asks, then limits, then the key, then the request itself. */
export async function serve(parts: ServedParts, request: WireRequest): Promise<WireAnswer> {
  const { keys, faults } = parts;
  if (request.authorization !== `Bearer ${parts.apiKey}`) {
    return answered(answerOf(unknownKey));
  }
  const { method, url, body } = request;
  const found = operationOf(method, url.pathname);
  if (found === undefined) {
    const { status, body: json } = unknownOperation(method, url.pathname);
    return answered({ status, body: JSON.stringify(json) });
  }
  const drawn = faults.ofRequest(found.operation);
  if (drawn.unreachable !== undefined) {
    return { type: "broken" };
  }
  if (drawn.limit !== undefined) {
    return answered(answerOf(limited(drawn.limit.code ?? "rate_limit")));
  }
  if (drawn.gateway !== undefined) {
    return answered(answerOf(broken(drawn.gateway.status ?? 502)));
  }
  const form = method === "GET" ? url.search.slice(1) : body;
  const key = method === "GET" ? undefined : request.idempotencyKey;
  if (key === undefined) {
    return run(parts, { ...found, form, key }, drawn);
  }
  if (key.length === 0 || key.length > keyCharsMax) {
    return answered(
      answerOf(invalid("idempotency_key_invalid", `A key has 1 to ${keyCharsMax} characters.`)),
    );
  }
  const state = keys.take(key, `${method} ${url.pathname} ${formFingerprint(form)}`);
  switch (state.type) {
    case "other-parameters":
      return answered(answerOf(otherParameters(key)));
    case "in-use":
      return answered(answerOf(keyInUse(key)));
    case "replay":
      return drawn["lose-answer"] === undefined
        ? answered(state.answer, { replayed: true })
        : { type: "broken" };
    case "new":
      return run(parts, { ...found, form, key }, drawn);
  }
}
