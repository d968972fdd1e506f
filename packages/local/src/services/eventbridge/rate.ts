import { err, ok, type Result } from "@antipode/core";

const unitMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

const form = /^rate\((\d+) (minute|hour|day)(s?)\)$/;

/**
 * The period of a schedule in ms, or why it is not run, in words that can follow the schedule's name. As EventBridge
 * has it: whole numbers above zero, `rate(1 minute)` but `rate(2 minutes)`.
 */
export function parseRate(expression: string): Result<number, string> {
  if (expression.startsWith("cron(")) {
    return err(`${expression} is not run here: only rate(…) is, as in "rate(5 minutes)"`);
  }
  const match = form.exec(expression);
  if (match === null) return err(`"${expression}" is no schedule: write it as "rate(5 minutes)"`);
  const count = Number(match[1]);
  if (count < 1) return err(`"${expression}" would be refused: a rate is at least 1`);
  if ((count === 1) === (match[3] === "s")) {
    return err(`"${expression}" would be refused: one ${match[2]} is singular, several are plural`);
  }
  return ok(count * unitMs[match[2] as keyof typeof unitMs]);
}
