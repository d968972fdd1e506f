/**
 * Time inside an instance's thread. The function asks `Date`, timers and signals as on any machine; here they tell its
 * region's clock, which a fault may have set wrong, and pass as fast as the world's time.
 */
import { syncBuiltinESMExports } from "node:module";
import { Socket } from "node:net";
import timers from "node:timers";
import timersPromises from "node:timers/promises";
import { promisify } from "node:util";
import type { ClockReading } from "./worker-protocol.ts";

export interface WorkerClock {
  /** From now on by this reading. */
  follow(reading: ClockReading): void;
}

/** Lets all code of this thread read the region's clock. To be called before any of it is loaded. */
export function installClock(first: ClockReading, scale: number): WorkerClock {
  let { saysMs, machineMs } = first;
  const machineNow = Date.now;
  const now = () => saysMs + (machineNow() - machineMs) * scale;
  globalThis.Date = new Proxy(Date, {
    construct: (target, values, made) =>
      Reflect.construct(target, values.length === 0 ? [now()] : values, made),
    apply: (target) => new target(now()).toString(),
    get: (target, key) => (key === "now" ? now : Reflect.get(target, key)),
  });
  if (scale !== 1) scaleWaits(scale);
  return {
    follow(reading) {
      ({ saysMs, machineMs } = reading);
    },
  };
}

type Wait = number | undefined;

/**
 * ms of the machine below which no wait is made shorter. A table that is asked from a busy machine answers no sooner
 * because the world is fast, so a second's patience must not become the fifth of one.
 */
const keptMs = 500;

const shortened = (delayMs: number, scale: number): number =>
  Math.max(delayMs / scale, Math.min(delayMs, keptMs));

/**
 * Every wait that code can begin, made shorter; and the counter that measures waits, made faster. Node's own modules are
 * changed for all who import them, under any name, so nothing that a bundle was made of can miss it.
 */
function scaleWaits(scale: number): void {
  const shorter = (delayMs: Wait) => (delayMs === undefined ? undefined : shortened(Number(delayMs), scale));
  const { setTimeout: once, setInterval: repeat } = timers;
  const { setTimeout: pause, setInterval: ticks } = timersPromises;
  const { scheduler } = timersPromises;
  const waitOn = scheduler.wait.bind(scheduler);

  const promises = {
    setTimeout: (delayMs?: Wait, ...more: [unknown?, object?]) => pause(shorter(delayMs), ...more),
    setInterval: (delayMs?: Wait, ...more: [unknown?, object?]) => ticks(shorter(delayMs), ...more),
  };
  const callbacks = {
    setTimeout: Object.assign(
      (run: (...values: unknown[]) => void, delayMs?: Wait, ...values: unknown[]) =>
        once(run, shorter(delayMs), ...values),
      { [promisify.custom]: promises.setTimeout },
    ),
    setInterval: (run: (...values: unknown[]) => void, delayMs?: Wait, ...values: unknown[]) =>
      repeat(run, shorter(delayMs), ...values),
  };
  Object.assign(globalThis, callbacks);
  Object.assign(timers, callbacks);
  Object.assign(timersPromises, promises);
  Object.assign(scheduler, {
    wait: (delayMs: number, options?: object) => waitOn(shortened(delayMs, scale), options),
  });
  syncBuiltinESMExports();

  const signalAfter = AbortSignal.timeout.bind(AbortSignal);
  AbortSignal.timeout = (delayMs) => signalAfter(Math.ceil(shortened(delayMs, scale)));
  const { setTimeout: idle } = Socket.prototype;
  Socket.prototype.setTimeout = function idleFor(this: Socket, limitMs, onIdle) {
    return idle.call(this, shortened(limitMs, scale), onIdle);
  };
  const counter = performance.now.bind(performance);
  performance.now = () => counter() * scale;
}
