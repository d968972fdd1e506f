import { err, ok, type Result } from "@antipode/core";
import type { FunctionDefinition } from "../services/lambda/definition.ts";
import type { Lambda } from "../services/lambda/lambda.ts";
import { AwsError } from "../services/service.ts";
import type { RunOutcome } from "./status.ts";

export interface InvokeRequest {
  /** As in `infra/` (`Reclaim`) or in full, in letters of any case. */
  readonly name: string;
  readonly region: string;
  /** What the function gets, as plain JSON. */
  readonly payload: unknown;
}

/** A name that no function of the region has, with those that there are. */
export interface NoFunction {
  readonly type: "no-function";
  readonly name: string;
  readonly functions: readonly string[];
}

interface Names {
  readonly app: string;
  readonly environment: string;
}

/** `Repair` of `antipode-prod-eu-west-1-Repair`. */
export function shortName({ app, environment }: Names, region: string, functionName: string): string {
  const prefix = `${app}-${environment}-${region}-`;
  return functionName.startsWith(prefix) ? functionName.slice(prefix.length) : functionName;
}

/** Invokes a function now, as an operator would with the AWS CLI, and waits for its answer. */
export async function invokeNow(
  lambda: Pick<Lambda, "invoke">,
  { region, arn }: Pick<FunctionDefinition, "region" | "arn">,
  payload: string,
): Promise<RunOutcome> {
  try {
    const answer = await lambda.invoke(arn, payload);
    return answer.functionError === undefined
      ? { region, answer: JSON.parse(answer.payload) }
      : { region, error: answer.payload };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { region, error: error.message };
  }
}

/** Invokes any function of a region, scheduled or not. */
export async function runInvoke(
  plan: Names & { readonly functions: readonly Pick<FunctionDefinition, "region" | "arn" | "name">[] },
  lambda: Pick<Lambda, "invoke">,
  { name, region, payload }: InvokeRequest,
): Promise<Result<RunOutcome, NoFunction>> {
  const here = plan.functions.filter((one) => one.region === region);
  const short = (one: { readonly name: string }) => shortName(plan, region, one.name);
  const wanted = name.toLowerCase();
  const called = here.find((one) => [short(one), one.name].some((known) => known.toLowerCase() === wanted));
  return called === undefined
    ? err({ type: "no-function", name, functions: here.map(short).sort() })
    : ok(await invokeNow(lambda, called, JSON.stringify(payload)));
}

/** What to type instead, in one line. */
export function noFunctionText({ name, functions }: NoFunction): string {
  return `"${name}" is not a function: choose from ${functions.join(", ")}`;
}
