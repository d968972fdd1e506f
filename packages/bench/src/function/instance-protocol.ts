/** What an instance's parent asks; `event` is what Lambda hands to the function. */
export type InstanceCall =
  /** Imports the bundle and calls it once. */
  | { readonly type: "start"; readonly event: object }
  | { readonly type: "invoke"; readonly event: object }
  /** Calls it so often, one call after the other. */
  | { readonly type: "measure"; readonly event: object; readonly calls: number };

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
