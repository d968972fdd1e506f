import { refuseAmount } from "./amounts.ts";
import { type Failure, invalid, missing } from "./failure.ts";
import type { EventType, Intent, Refund, Step } from "./intent.ts";
import { latestCharge } from "./intent.ts";
import { cardDeclined, outcomeOf } from "./methods.ts";
import type { Parameters } from "./operations.ts";
import type { Chance } from "./random.ts";
import { search } from "./search.ts";
import * as steps from "./steps.ts";
import { failureJson, type Happened, intentJson, type Json, listJson, refundJson } from "./wire.ts";

export interface ProviderOptions {
  readonly chance: Chance;
  readonly nowMs: () => number;
  /** How long a payment stays undecided that is decided late. */
  readonly processingMs: number;
  /** Called for each thing that happens to a payment, in order. */
  readonly onEvent: (happened: Happened) => void;
}

/** What an operation answers. `executed` is whether the provider keeps it under the request's key. */
export interface Outcome {
  readonly status: number;
  readonly body: Json;
  readonly executed: boolean;
}

/** What befalls an operation that is executed. */
export interface Told {
  readonly decline: boolean;
  /** How old a payment has to be before a search finds it. */
  readonly indexedAfterMs: number;
}

function failed(failure: Failure, { executed }: { readonly executed: boolean }, intent?: Intent): Outcome {
  return { status: failure.status, body: failureJson(failure, intent), executed };
}

const done = (body: Json): Outcome => ({ status: 200, body, executed: true });

/** The provider's payments, in memory. */
export function createProvider({ chance, nowMs, processingMs, onEvent }: ProviderOptions) {
  const intentById = new Map<string, Intent>();
  const refunds: Refund[] = [];

  function settle(intent: Intent, atMs = nowMs()): Intent {
    const step = steps.decide(intent, atMs);
    return step === undefined || step.type === "refused" ? intent : store(step.intent, step.events);
  }

  function store(intent: Intent, events: readonly EventType[]): Intent {
    intentById.set(intent.id, intent);
    for (const type of events) {
      onEvent({ type, intent });
    }
    return intent;
  }

  function find(id: string): Intent | undefined {
    const intent = intentById.get(id);
    return intent === undefined ? undefined : settle(intent);
  }

  /** Runs a step on a payment, keeps what comes of it, and answers. */
  function run(id: string, expand: readonly string[] | undefined, step: (intent: Intent) => Step): Outcome {
    const intent = find(id);
    if (intent === undefined) {
      return failed(missing("payment_intent", id, "intent"), { executed: false });
    }
    const taken = step(intent);
    if (taken.type === "refused") {
      return failed(taken.failure, { executed: true }, intent);
    }
    const stored = store(taken.intent, taken.events);
    return taken.type === "declined"
      ? failed(taken.failure, { executed: true }, stored)
      : done(intentJson(stored, expand));
  }

  const context = (): steps.StepContext => ({ nowMs: nowMs(), chargeId: chance.id("ch"), processingMs });

  function create(parameters: Parameters<"create">): Outcome {
    const { amount, currency, metadata, capture_method, allowed_payment_method_types, expand } = parameters;
    const wrong = refuseAmount(amount, currency);
    if (wrong !== undefined) {
      return failed(wrong, { executed: false });
    }
    const id = chance.id("pi");
    const intent: Intent = {
      id,
      clientSecret: chance.id(`${id}_secret`),
      amount,
      currency,
      captureMethod: capture_method,
      metadata,
      methodTypes: allowed_payment_method_types,
      status: "requires_payment_method",
      charges: [],
      createdMs: nowMs(),
    };
    return done(intentJson(store(intent, ["payment_intent.created"]), expand));
  }

  function update(id: string, { amount, currency, metadata, expand }: Parameters<"update">): Outcome {
    const intent = find(id);
    const wrong =
      intent === undefined ? undefined : refuseAmount(amount ?? intent.amount, currency ?? intent.currency);
    if (wrong !== undefined) {
      return failed(wrong, { executed: false });
    }
    return run(id, expand, (known) =>
      steps.update(known, {
        ...(amount === undefined ? {} : { amount }),
        ...(currency === undefined ? {} : { currency }),
        ...(metadata === undefined ? {} : { metadata }),
      }),
    );
  }

  function confirm(id: string, parameters: Parameters<"confirm">, told: Pick<Told, "decline">): Outcome {
    const method = parameters.payment_method ?? find(id)?.method;
    if (method === undefined) {
      return failed(
        invalid(
          "payment_intent_unexpected_state",
          "You cannot confirm this PaymentIntent: it has no payment method.",
        ),
        { executed: false },
      );
    }
    const outcome = outcomeOf(method);
    if (outcome === undefined) {
      return failed(
        { ...missing("PaymentMethod", method, "payment_method"), status: 400 },
        { executed: false },
      );
    }
    const forced = told.decline ? ({ type: "declined", failure: cardDeclined } as const) : outcome;
    return run(id, parameters.expand, (intent) => steps.confirm(intent, method, forced, context()));
  }

  function refund({ payment_intent: id, amount, metadata = {} }: Parameters<"refund">): Outcome {
    const intent = find(id);
    if (intent === undefined) {
      return failed(missing("payment_intent", id, "payment_intent"), { executed: false });
    }
    const step = steps.refund(intent, amount);
    const charge = latestCharge(intent);
    if (step.type !== "done" || charge === undefined || step.amount === undefined) {
      return step.type === "refused"
        ? failed(step.failure, { executed: true })
        : failed(invalid("charge_missing", "There is nothing to refund."), { executed: true });
    }
    const made: Refund = {
      id: chance.id("re"),
      intentId: id,
      chargeId: charge.id,
      amount: step.amount,
      metadata,
      status: "succeeded",
      createdMs: nowMs(),
    };
    refunds.push(made);
    store(step.intent, step.events);
    return done(refundJson(made, intent.currency));
  }

  /** The last refund of a payment that stands fails, days after it was made. */
  function failRefund(id: string): Outcome {
    const index = refunds.findLastIndex((made) => made.intentId === id && made.status === "succeeded");
    const [intent, made] = [find(id), refunds[index]];
    if (intent === undefined || made === undefined) {
      return failed(missing("refund", id, "payment_intent"), { executed: false });
    }
    const refund = { ...made, status: "failed" } as const;
    refunds[index] = refund;
    onEvent({ type: "refund.failed", intent: store(steps.refundFails(intent, made.amount), []), refund });
    return done(refundJson(refund, intent.currency));
  }

  /** Newest first, as the provider lists. */
  function list({ limit, starting_after, ending_before, created, expand = [] }: Parameters<"list">): Outcome {
    const inner = expand.map((field) => field.replace(/^data\./, ""));
    const all = [...intentById.keys()]
      .flatMap((id) => find(id) ?? [])
      .reverse()
      .filter(({ createdMs }) => {
        const second = Math.floor(createdMs / 1_000);
        return second >= (created?.gte ?? 0) && second < (created?.lt ?? Infinity);
      });
    const from = starting_after === undefined ? 0 : all.findIndex(({ id }) => id === starting_after) + 1;
    const to = ending_before === undefined ? all.length : all.findIndex(({ id }) => id === ending_before);
    if ((starting_after !== undefined && from === 0) || to === -1) {
      return failed(missing("payment_intent", starting_after ?? ending_before ?? "", "starting_after"), {
        executed: false,
      });
    }
    const between = all.slice(from, to);
    const page = ending_before === undefined ? between.slice(0, limit) : between.slice(-limit);
    return done(
      listJson(
        "/v1/payment_intents",
        page.map((intent) => intentJson(intent, inner)),
        between.length > page.length,
      ),
    );
  }

  return {
    create,
    update,
    confirm,
    refund,
    list,
    search: (parameters: Parameters<"search">, { indexedAfterMs }: Told): Outcome => {
      const indexedMs = nowMs() - indexedAfterMs;
      const known = [...intentById.keys()].flatMap((id) => find(id) ?? []);
      const found = search(
        known.filter(({ createdMs }) => createdMs <= indexedMs),
        parameters,
      );
      return "failure" in found ? failed(found.failure, { executed: false }) : done(found.body);
    },
    capture: (id: string, { amount_to_capture, expand }: Parameters<"capture">) =>
      run(id, expand, (intent) => steps.capture(intent, amount_to_capture)),
    cancel: (id: string, { expand }: Parameters<"cancel">) =>
      run(id, expand, (intent) => steps.cancel(intent, nowMs())),
    read: (id: string, { expand }: Parameters<"read">) =>
      run(id, expand, (intent) => ({ type: "done", intent, events: [] })),
    act: (id: string, outcome: "success" | "failure") =>
      run(id, [], (intent) => steps.act(intent, outcome, context())),
    failRefund,
    /** Decides what is due; the next time that something is, or nothing. */
    decideDue(): number | undefined {
      const pending = [...intentById.values()].flatMap((intent) => settle(intent).decision?.atMs ?? []);
      return pending.length === 0 ? undefined : Math.min(...pending);
    },
    /** Decides all that is processing, without waiting. */
    decideAll(): void {
      for (const intent of [...intentById.values()]) {
        settle(intent, Infinity);
      }
    },
    intents: (): readonly Intent[] => [...intentById.keys()].flatMap((id) => find(id) ?? []),
    refunds: (): readonly Refund[] => [...refunds],
  };
}

export type Provider = ReturnType<typeof createProvider>;
