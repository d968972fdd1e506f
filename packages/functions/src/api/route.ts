import { err, type OperationId, ok, type Result, type ShopperSession } from "@antipode/core";
import type { Context } from "hono";
import { plainResponse } from "../platform/web/plain-response.ts";
import { readBody, readTextBody, schemaErrors } from "./body.ts";
import { readConsistencyWish } from "./consistency.ts";
import type { AnyContract, Contract } from "./contract.ts";
import { readCredentials } from "./credentials.ts";
import type { ApiDeps, AppDeps } from "./deps.ts";
import type { Answer, Credentials, Exchange, Outcome } from "./exchange.ts";
import type { Problem } from "./problems.ts";

/** A contract with its behaviour: what the app mounts. */
export interface Route<Deps = ApiDeps> {
  readonly contract: AnyContract;
  readonly serve: (context: Context, deps: Deps, requestId: string) => Promise<Outcome>;
}

type Handle<Params, Query, Body, Extra> = (
  exchange: Exchange<Params, Query, Body> & Extra,
  deps: ApiDeps,
) => Promise<Outcome>;

/** A parameter that is given twice is a list, which no contract takes: nobody guesses which one counts. */
function queryOf({ req }: Context): Record<string, string | string[] | undefined> {
  return Object.fromEntries(
    Object.entries(req.queries()).map(([name, values]) => [name, values.length > 1 ? values : values[0]]),
  );
}

async function readContractBody<Params, Query, Body>(
  { body, bodyText, bodyBytesMax }: Contract<Params, Query, Body>,
  request: Request,
): Promise<Result<Body, Problem>> {
  if (bodyText !== true) {
    return readBody(request, body, bodyBytesMax);
  }
  const text = await readTextBody(request, bodyBytesMax);
  return text.ok ? ok(body.parse(text.value)) : text;
}

/** When it came, by which id, and from whom. */
type Arrival = Credentials & Pick<Exchange<unknown, unknown, unknown>, "nowMs" | "requestId">;

async function readExchange<Params, Query, Body>(
  contract: Contract<Params, Query, Body>,
  context: Context,
  arrival: Arrival,
): Promise<Result<Exchange<Params, Query, Body> & Credentials, Problem>> {
  const headers = context.req.raw.headers;
  const params = contract.params.safeParse(context.req.param());
  const query = contract.query.safeParse(queryOf(context));
  if (!params.success || !query.success) {
    const error = query.success ? params.error : query.error;
    return err({
      name: "malformed-request",
      detail: "The path or query is not what this path takes.",
      members: { errors: error === undefined ? [] : schemaErrors(error) },
    });
  }
  const body = await readContractBody(contract, context.req.raw);
  if (!body.ok) {
    return body;
  }
  const consistency = contract.consistency === true ? readConsistencyWish(headers) : ok(undefined);
  if (!consistency.ok) {
    return consistency;
  }
  const ifNoneMatch = headers.get("if-none-match");
  const ifMatch = contract.ifMatch === true ? headers.get("if-match") : null;
  const signature = contract.bodyText === true ? headers.get("stripe-signature") : null;
  return ok({
    ...arrival,
    params: params.data,
    query: query.data,
    body: body.value,
    ...(ifNoneMatch === null ? {} : { ifNoneMatch }),
    ...(ifMatch === null ? {} : { ifMatch }),
    ...(signature === null ? {} : { signature }),
    ...(consistency.value === undefined ? {} : { consistency: consistency.value }),
  });
}

function checkedRoute<Params, Query, Body>(
  contract: Contract<Params, Query, Body>,
  handle: Handle<Params, Query, Body, Credentials>,
): Route {
  return {
    contract,
    async serve(context, deps, requestId) {
      const nowMs = deps.clock.nowMs();
      const credentials = await readCredentials(contract, context.req.raw.headers, deps, nowMs);
      if (!credentials.ok) {
        return credentials;
      }
      const exchange = await readExchange(contract, context, { ...credentials.value, nowMs, requestId });
      return exchange.ok ? handle(exchange.value, deps) : exchange;
    },
  };
}

/** A path for anybody, in a function that knows no sessions: what came with a token is answered as what came without. */
export function publicRoute<Params, Query, Body>(
  contract: Contract<Params, Query, Body> & { readonly security: "none"; readonly operation: false },
  handle: (exchange: Exchange<Params, Query, Body>) => Promise<Outcome>,
): Route<Pick<AppDeps, "clock">> {
  return {
    contract,
    async serve(context, { clock }, requestId) {
      const exchange = await readExchange(contract, context, { nowMs: clock.nowMs(), requestId });
      return exchange.ok ? handle(exchange.value) : exchange;
    },
  };
}

/** A path that anyone may use. */
export function openRoute<Params, Query, Body>(
  contract: Contract<Params, Query, Body> & { readonly operation: false },
  handle: Handle<Params, Query, Body, Credentials>,
): Route {
  return checkedRoute(contract, handle);
}

/** A path for a shopper with a session. */
export function shopperRoute<Params, Query, Body>(
  contract: Contract<Params, Query, Body> & { readonly security: "shopper"; readonly operation: false },
  handle: Handle<Params, Query, Body, { readonly session: ShopperSession }>,
): Route {
  return checkedRoute(contract, (exchange, deps) => {
    if (exchange.session === undefined) {
      throw new Error(`${contract.path} was reached without a session`);
    }
    return handle({ ...exchange, session: exchange.session }, deps);
  });
}

/** A path by which a shopper changes something, once for each operation id. */
export function operationRoute<Params, Query, Body>(
  contract: Contract<Params, Query, Body> & { readonly security: "shopper"; readonly operation: true },
  handle: Handle<
    Params,
    Query,
    Body,
    { readonly session: ShopperSession; readonly operationId: OperationId }
  >,
): Route {
  return checkedRoute(contract, (exchange, deps) => {
    const { session, operationId } = exchange;
    if (session === undefined || operationId === undefined) {
      throw new Error(`${contract.path} was reached without a session or operation id`);
    }
    return handle({ ...exchange, session, operationId }, deps);
  });
}

/** Who asks on a path that shoppers and operators share: a shopper for what is theirs, an operator for anything. */
export type Asker = { readonly session: ShopperSession } | { readonly operator: string };

function askerOf({ session, operator }: Credentials, path: string): Asker {
  if (session !== undefined) {
    return { session };
  }
  if (operator === undefined) {
    throw new Error(`${path} was reached by nobody`);
  }
  return { operator };
}

/** A path for a shopper or an operator. */
export function askerRoute<Params, Query, Body>(
  contract: Contract<Params, Query, Body> & { readonly security: "either"; readonly operation: false },
  handle: Handle<Params, Query, Body, { readonly asker: Asker }>,
): Route {
  return checkedRoute(contract, (exchange, deps) =>
    handle({ ...exchange, asker: askerOf(exchange, contract.path) }, deps),
  );
}

/** A path by which a shopper or an operator changes something, once for each operation id. */
export function askerOperationRoute<Params, Query, Body>(
  contract: Contract<Params, Query, Body> & { readonly security: "either"; readonly operation: true },
  handle: Handle<Params, Query, Body, { readonly asker: Asker; readonly operationId: OperationId }>,
): Route {
  return checkedRoute(contract, (exchange, deps) => {
    const { operationId } = exchange;
    if (operationId === undefined) {
      throw new Error(`${contract.path} was reached without an operation id`);
    }
    return handle({ ...exchange, operationId, asker: askerOf(exchange, contract.path) }, deps);
  });
}

/** A path for an operator. */
export function adminRoute<Params, Query, Body>(
  contract: Contract<Params, Query, Body> & { readonly security: "admin"; readonly operation: false },
  handle: Handle<Params, Query, Body, { readonly operator: string }>,
): Route {
  return checkedRoute(contract, (exchange, deps) => {
    const { operator } = exchange;
    if (operator === undefined) {
      throw new Error(`${contract.path} was reached without an operator`);
    }
    return handle({ ...exchange, operator }, deps);
  });
}

/** A path by which an operator changes something, once for each operation id. */
export function adminOperationRoute<Params, Query, Body>(
  contract: Contract<Params, Query, Body> & { readonly security: "admin"; readonly operation: true },
  handle: Handle<Params, Query, Body, { readonly operator: string; readonly operationId: OperationId }>,
): Route {
  return checkedRoute(contract, (exchange, deps) => {
    const { operator, operationId } = exchange;
    if (operator === undefined || operationId === undefined) {
      throw new Error(`${contract.path} was reached without an operator or operation id`);
    }
    return handle({ ...exchange, operator, operationId }, deps);
  });
}

export function answerResponse(answer: Answer): Response {
  const hasBody = answer.body !== undefined && answer.status !== 304;
  return plainResponse(hasBody ? JSON.stringify(answer.body) : null, {
    status: answer.status,
    headers: { ...(hasBody ? { "Content-Type": "application/json" } : {}), ...answer.headers },
  });
}
