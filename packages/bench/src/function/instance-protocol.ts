import type { HttpApiEvent } from "./requests.ts";

/** What an instance's parent asks. */
export type InstanceCall =
  /** Imports the bundle and calls it once. */
  | { readonly type: "start"; readonly event: HttpApiEvent }
  | { readonly type: "invoke"; readonly event: HttpApiEvent }
  /** Calls it so often, one call after the other. */
  | { readonly type: "measure"; readonly event: HttpApiEvent; readonly calls: number };

export interface FunctionAnswer {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string;
}

export type InstanceReport =
  /** From before the import until the first answer: on the clock, and of CPU. */
  | {
      readonly type: "started";
      readonly ms: number;
      readonly cpuMs: number;
      readonly answer: FunctionAnswer;
    }
  | { readonly type: "answered"; readonly answer: FunctionAnswer }
  | { readonly type: "measured"; readonly cpuMicrosPerCall: number; readonly answer: FunctionAnswer }
  | { readonly type: "failed"; readonly reason: string };
