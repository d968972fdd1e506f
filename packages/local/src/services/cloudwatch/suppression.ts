/**
 * A composite alarm's actions, held back while another alarm rings, for a while before that (the wait) and after it (the
 * extension): https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create_Composite_Alarm_Suppression.html
 */
import type { Scheduler } from "../../links/scheduler.ts";
import type { AlarmState, AlarmStateValue, CompositeAlarm } from "./alarm.ts";

export interface Suppression {
  /** The composite alarm has changed: why its actions are held back now, if they are. */
  begin(): AlarmState["suppressedBy"];
  /** The suppressor has changed. */
  suppressorChanged(state: AlarmStateValue): void;
}

export interface SuppressionOptions {
  readonly suppressor: NonNullable<CompositeAlarm["suppressor"]>;
  readonly scheduler: Scheduler;
  readonly suppressorState: () => AlarmStateValue;
  /** Told when the reason to hold actions back has become another, or is over. */
  readonly onChange: (by: AlarmState["suppressedBy"]) => void;
}

export function createSuppression(options: SuppressionOptions): Suppression {
  const { suppressor, scheduler, onChange } = options;
  let holding = false;
  let ringing = false;
  let extendedUntilMs = 0;
  let cancel = () => {};

  function hold(delayMs: number): void {
    cancel();
    cancel = scheduler.after(delayMs, () => {
      holding = false;
      onChange(undefined);
    });
  }

  return {
    begin() {
      cancel();
      holding = true;
      if (options.suppressorState() === "ALARM") return "Alarm";
      const leftMs = extendedUntilMs - scheduler.now();
      if (leftMs > 0) {
        hold(leftMs);
        return "ExtensionPeriod";
      }
      if (suppressor.waitSeconds > 0) {
        hold(suppressor.waitSeconds * 1_000);
        return "WaitPeriod";
      }
      holding = false;
      return undefined;
    },
    suppressorChanged(state) {
      const rang = ringing;
      ringing = state === "ALARM";
      if (ringing) {
        cancel();
        if (holding) onChange("Alarm");
        return;
      }
      if (!rang) return;
      extendedUntilMs = scheduler.now() + suppressor.extensionSeconds * 1_000;
      if (!holding) return;
      hold(suppressor.extensionSeconds * 1_000);
      onChange("ExtensionPeriod");
    },
  };
}
