import { AwsError } from "../service.ts";

/** A request that was answered, for whoever measures. */
export interface MeasuredCall {
  readonly region: string;
  readonly operation: string;
  /** Each table that the request names, once. */
  readonly tables: readonly string[];
  readonly latencyMs: number;
  /** Absent when it succeeded. */
  readonly error?: AwsError;
}

export interface MeasureOptions {
  readonly call: Pick<MeasuredCall, "region" | "operation" | "tables">;
  readonly now: () => number;
  readonly report: ((call: MeasuredCall) => void) | undefined;
}

/** Does the work and reports how long it took, and how it failed if it did. Bugs are not reported. */
export async function measured<T>(work: () => Promise<T>, { call, now, report }: MeasureOptions): Promise<T> {
  const startMs = now();
  const measuredCall = () => ({ ...call, latencyMs: Math.max(0, now() - startMs) });
  try {
    const result = await work();
    report?.(measuredCall());
    return result;
  } catch (error) {
    if (error instanceof AwsError) report?.({ ...measuredCall(), error });
    throw error;
  }
}
