import type { Items, Origin } from "@antipode/core";
import type { Deployment } from "../../platform/deployment.ts";
import type { LookAt } from "../../prober/look-at.ts";
import type { TellFunctions } from "../../prober/tell-functions.ts";
import type { IsWhole } from "./checkers.ts";
import type { FunctionStep } from "./function-steps.ts";
import type { NamesOptions } from "./names.ts";

/** A change of the functions that judges must catch: what one of them gets instead of what it was given. */
export interface WrongChange {
  readonly proberItems?: (items: Items, deployment: Deployment, nowMs: () => number) => Items;
  readonly dispatcherItems?: (items: Items) => Items;
  readonly apiItems?: (items: Items, deployment: Deployment) => Items;
  readonly runItems?: (items: Items, origin: Origin) => Items;
  readonly tell?: (tell: TellFunctions) => TellFunctions;
  readonly news?: (event: unknown) => unknown;
  readonly lookAt?: (lookAt: LookAt, deployment: Deployment) => LookAt;
  readonly timeLeftMs?: (leftMs: number) => number;
  /** Of the records and checks that Route 53 answers by. */
  readonly isWhole?: IsWhole;
  readonly weights?: NamesOptions["weights"];
}

export const nothingWrong: WrongChange = {};

/** By what is wrong. */
export type WrongChanges = Readonly<
  Record<
    string,
    {
      /** What judges say. */
      readonly says: string;
      readonly wrong: WrongChange;
      /** What has to happen, where few random schedules have it. */
      readonly steps?: readonly FunctionStep[];
    }
  >
>;
