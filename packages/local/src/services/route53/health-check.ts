import type { HealthCheckId } from "./record-set.ts";

export interface EndpointCheck {
  readonly type: "HTTP" | "HTTPS";
  readonly host: string;
  readonly port: number;
  /** With its leading slash. */
  readonly path: string;
  /** Consecutive results that turn a checker's mind, 1 to 10. */
  readonly failureThreshold: number;
  readonly requestIntervalSeconds: 10 | 30;
  readonly inverted: boolean;
  readonly disabled: boolean;
}

export interface CalculatedCheck {
  readonly type: "CALCULATED";
  readonly children: readonly HealthCheckId[];
  /** How many children must be healthy at least. */
  readonly healthThreshold: number;
  readonly inverted: boolean;
  readonly disabled: boolean;
}

export type HealthCheck = EndpointCheck | CalculatedCheck;

/** What one checker thinks of an endpoint. */
export interface CheckerState {
  readonly healthy: boolean;
  /** Consecutive results that say the opposite. */
  readonly against: number;
}

/** A new check is healthy until it is known better. */
export const newChecker: CheckerState = { healthy: true, against: 0 };

/** An endpoint is healthy when more than this share of its checkers says so: below, one broken network would decide. */
const healthyShareMin = 0.18;

export function afterResult(state: CheckerState, passed: boolean, failureThreshold: number): CheckerState {
  if (passed === state.healthy) return { healthy: state.healthy, against: 0 };
  const against = state.against + 1;
  return against >= failureThreshold ? { healthy: passed, against: 0 } : { healthy: state.healthy, against };
}

/** Whether the endpoint is healthy to all its checkers together; without any it is, as a new check. */
export function isEndpointHealthy(checkers: readonly CheckerState[]): boolean {
  const healthy = checkers.filter((checker) => checker.healthy).length;
  return checkers.length === 0 || healthy > checkers.length * healthyShareMin;
}

export interface CheckView {
  readonly checks: ReadonlyMap<HealthCheckId, HealthCheck>;
  readonly checkersOf: (id: HealthCheckId) => readonly CheckerState[];
}

/**
 * What a check says. One that is disabled is healthy whatever is there, and turned round
 * if it is inverted; one that does not exist is healthy, as nobody checks it.
 */
export function isCheckHealthy(view: CheckView, id: HealthCheckId): boolean {
  const check = view.checks.get(id);
  if (check === undefined) return true;
  return (check.disabled || isHealthyBeforeInversion(view, id, check)) !== check.inverted;
}

function isHealthyBeforeInversion(view: CheckView, id: HealthCheckId, check: HealthCheck): boolean {
  if (check.type !== "CALCULATED") return isEndpointHealthy(view.checkersOf(id));
  return check.children.filter((child) => isCheckHealthy(view, child)).length >= check.healthThreshold;
}
