import type { ReplicatedWrite } from "../engine/item-change.ts";
import { LinkError } from "../links/links.ts";
import { exponential } from "../links/random.ts";
import { createLagSamples, summarise } from "./lag-samples.ts";
import type { Blockage, Lane, LaneOptions } from "./lane-types.ts";

interface Entry {
  readonly key: string;
  write: ReplicatedWrite;
  /** Grows with each newer state. */
  version: number;
  /** When the newest state was taken here, by the scheduler's time. */
  takenAtMs: number;
  /** Since when the peer has lacked the newest state. */
  behindSinceMs: number;
  /** When the first state newer than the one under way was taken. */
  overtakenAtMs: number | undefined;
  /** The newest version that the peer is known to have taken, though its answer may be lost. */
  takenByPeer: number;
  /** Failed attempts in a row. */
  failures: number;
}

/** A lane that sends as soon as something is put, as fast as its pace allows. */
export function createLane(options: LaneOptions): Lane {
  const { table, from, to, apply, links, random, scheduler, pace, onProgress } = options;
  const entries = new Map<string, Entry>();
  /** Keys of the entries that are ready, oldest first. */
  const ready = new Set<string>();
  const samples = createLagSamples();
  let inFlight = 0;
  let delivered = 0;
  let resent = 0;
  let attempts = 0;
  let lastError: string | undefined;
  let closed = false;
  let blocked: { reason: Blockage; failures: number; attempt: number } | undefined;
  let cancelProbe: (() => void) | undefined;

  /** A blocked lane sends one message at a time, to find out; an open one as many as it may. */
  function pump(): void {
    const limit = blocked === undefined ? pace.inFlightMax : cancelProbe === undefined ? 1 : 0;
    for (const key of ready) {
      if (closed || inFlight >= limit) return;
      const entry = entries.get(key);
      ready.delete(key);
      if (entry !== undefined) void send(entry);
    }
  }

  async function send(entry: Entry): Promise<void> {
    inFlight += 1;
    if (entry.failures > 0) resent += 1;
    await wait(pace.departMinMs + exponential(random, pace.departMeanMs));
    attempts += 1;
    const attempt = attempts;
    const { write, version } = entry;
    entry.overtakenAtMs = undefined;
    const failure = closed ? undefined : await attemptOnce(entry, write, version);
    inFlight -= 1;
    if (closed) return;
    if (failure === undefined || failure === "lost") {
      open();
      if (failure === undefined) acknowledge(entry, version);
      else resendLater(entry);
    } else {
      entry.failures += 1;
      makeReady(entry);
      block(failure, attempt);
    }
    pump();
    onProgress();
  }

  /** There, into the peer's table, and back with the answer. Gives why it failed, if it did. */
  async function attemptOnce(
    entry: Entry,
    write: ReplicatedWrite,
    version: number,
  ): Promise<LinkError["reason"] | undefined> {
    try {
      await links.cross(from, to, "replication");
      await apply(to, write);
      if (entry.takenByPeer < version) {
        entry.takenByPeer = version;
        delivered += 1;
        // A newer state may have come meanwhile: then its own lag is counted when it arrives.
        if (entry.version === version) measure(scheduler.now() - entry.takenAtMs);
      }
      await links.cross(to, from, "replication");
      return undefined;
    } catch (error) {
      if (error instanceof LinkError) return error.reason;
      lastError = error instanceof Error ? error.message : String(error);
      return "lost";
    }
  }

  function measure(lagMs: number): void {
    samples.add(lagMs);
    options.onLag?.(lagMs);
  }

  function acknowledge(entry: Entry, version: number): void {
    entry.failures = 0;
    if (entry.version === version) {
      entries.delete(entry.key);
      return;
    }
    entry.behindSinceMs = entry.overtakenAtMs ?? entry.takenAtMs;
    makeReady(entry);
  }

  /** Something left: whatever became of it, the way is not barred. */
  function open(): void {
    blocked = undefined;
    cancelProbe?.();
    cancelProbe = undefined;
  }

  function makeReady(entry: Entry): void {
    ready.add(entry.key);
  }

  function resendLater(entry: Entry): void {
    entry.failures += 1;
    scheduler.after(backoffMs(entry.failures), () => {
      makeReady(entry);
      pump();
    });
  }

  function block(reason: Blockage, attempt: number): void {
    // Of the many that were under way together only the first counts as a failed probe.
    const failures = (blocked?.failures ?? 0) + (cancelProbe === undefined ? 1 : 0);
    blocked = { reason, failures, attempt };
    cancelProbe ??= scheduler.after(backoffMs(failures), wake);
  }

  function wake(): void {
    cancelProbe?.();
    cancelProbe = undefined;
    pump();
  }

  /** Doubles up to the limit, then anything from half of it to all of it: peers do not resend in step. */
  function backoffMs(failures: number): number {
    const full = Math.min(pace.resendMaxMs, pace.resendMinMs * 2 ** (failures - 1));
    return full * (0.5 + random() / 2);
  }

  function wait(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      scheduler.after(delayMs, resolve);
    });
  }

  return {
    table,
    from,
    to,
    put(key, write) {
      const takenAtMs = scheduler.now();
      const waiting = entries.get(key);
      if (waiting !== undefined) {
        waiting.write = write;
        waiting.version += 1;
        waiting.takenAtMs = takenAtMs;
        waiting.overtakenAtMs ??= takenAtMs;
        return;
      }
      const entry: Entry = {
        key,
        write,
        version: 1,
        takenAtMs,
        behindSinceMs: takenAtMs,
        overtakenAtMs: undefined,
        takenByPeer: 0,
        failures: 0,
      };
      entries.set(key, entry);
      ready.add(key);
      pump();
    },
    wake,
    lags: samples.values,
    attempts: () => attempts,
    settled: (since) => entries.size === 0 || (blocked !== undefined && blocked.attempt > since),
    status() {
      let oldestMs = scheduler.now();
      for (const entry of entries.values()) oldestMs = Math.min(oldestMs, entry.behindSinceMs);
      return {
        table,
        from,
        to,
        pending: entries.size,
        inFlight,
        oldestPendingMs: scheduler.now() - oldestMs,
        delivered,
        resent,
        ...(blocked !== undefined && { blocked: blocked.reason }),
        ...(lastError !== undefined && { lastError }),
        lag: summarise(samples.values()),
      };
    },
    close() {
      closed = true;
      cancelProbe?.();
      entries.clear();
      ready.clear();
    },
  };
}
