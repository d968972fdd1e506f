import { isOrigin, type Origin } from "../ids/origin.ts";
import {
  type ItemKey,
  type ItemNotUnderstood,
  isCounter,
  notUnderstood,
  type StoredItem,
} from "../items/item.ts";
import { err, ok, type Result } from "../result/result.ts";

/** A region's own beats. */
export interface Heartbeat {
  readonly origin: Origin;
  /** Grows with every write. */
  readonly counter: number;
  /** The number of the last beat, from 1. */
  readonly beat: number;
  /** When that was, by the region's own clock. */
  readonly atMs: number;
  /** The times of some beats before it: those that an echo may still come for. */
  readonly atMsByBeat: ReadonlyMap<number, number>;
  readonly touchedAtMs: number;
}

/** The greatest beat of each other origin that a region has seen. */
export interface Echoes {
  readonly origin: Origin;
  readonly counter: number;
  readonly beatByOrigin: ReadonlyMap<Origin, number>;
  readonly touchedAtMs: number;
}

/** All that a region says of itself and the others. */
export function controlPartition(origin: Origin): string {
  return `REGION#${origin}`;
}

export function heartbeatKey(origin: Origin): ItemKey {
  return { pk: controlPartition(origin), sk: "HEARTBEAT" };
}

export function echoesKey(origin: Origin): ItemKey {
  return { pk: controlPartition(origin), sk: "ECHOES" };
}

/** The origin of an item of Control, or why it is not that kind of item. */
export function controlOrigin(item: StoredItem, sk: string): Result<Origin, ItemNotUnderstood> {
  const origin = item.pk.startsWith("REGION#") ? item.pk.slice(7) : "";
  if (!isOrigin(origin)) {
    return err(notUnderstood(item, "pk", "not a region's key"));
  }
  return item.sk === sk ? ok(origin) : err(notUnderstood(item, "sk", `not ${sk}`));
}

const beatPattern = /^b#([1-9][0-9]{0,14})$/;

/** Reads a region's `HEARTBEAT`. */
export function itemToHeartbeat(item: StoredItem): Result<Heartbeat, ItemNotUnderstood> {
  const origin = controlOrigin(item, "HEARTBEAT");
  if (!origin.ok) {
    return origin;
  }
  const numbers = { v: 0, beat: 0, at: 0, touchedAt: 0 };
  const atMsByBeat = new Map<number, number>();
  for (const [name, value] of Object.entries(item)) {
    const beat = beatPattern.exec(name)?.[1];
    if (name === "pk" || name === "sk") {
      continue;
    }
    if (!isCounter(value)) {
      return err(notUnderstood(item, name, "not a counter"));
    }
    if (beat !== undefined) {
      atMsByBeat.set(Number(beat), value);
    } else if (name === "v" || name === "beat" || name === "at" || name === "touchedAt") {
      numbers[name] = value;
    } else {
      return err(notUnderstood(item, name, "unknown attribute"));
    }
  }
  const { v, beat, at, touchedAt } = numbers;
  return v > 0 && beat > 0
    ? ok({ origin: origin.value, counter: v, beat, atMs: at, atMsByBeat, touchedAtMs: touchedAt })
    : err(notUnderstood(item, v > 0 ? "beat" : "v", "a heartbeat that was written has one"));
}

/** Writes what `itemToHeartbeat` reads. */
export function heartbeatToItem(heartbeat: Heartbeat): StoredItem {
  return {
    ...heartbeatKey(heartbeat.origin),
    v: heartbeat.counter,
    beat: heartbeat.beat,
    at: heartbeat.atMs,
    ...Object.fromEntries([...heartbeat.atMsByBeat].map(([beat, atMs]) => [`b#${beat}`, atMs])),
    touchedAt: heartbeat.touchedAtMs,
  };
}

/** Reads a region's `ECHOES`. */
export function itemToEchoes(item: StoredItem): Result<Echoes, ItemNotUnderstood> {
  const origin = controlOrigin(item, "ECHOES");
  if (!origin.ok) {
    return origin;
  }
  const numbers = { v: 0, touchedAt: 0 };
  const beatByOrigin = new Map<Origin, number>();
  for (const [name, value] of Object.entries(item)) {
    const echoed = name.startsWith("e#") ? name.slice(2) : "";
    if (name === "pk" || name === "sk") {
      continue;
    }
    if (!isCounter(value)) {
      return err(notUnderstood(item, name, "not a counter"));
    }
    if (isOrigin(echoed)) {
      beatByOrigin.set(echoed, value);
    } else if (name === "v" || name === "touchedAt") {
      numbers[name] = value;
    } else {
      return err(notUnderstood(item, name, "unknown attribute"));
    }
  }
  const { v, touchedAt } = numbers;
  return v > 0
    ? ok({ origin: origin.value, counter: v, beatByOrigin, touchedAtMs: touchedAt })
    : err(notUnderstood(item, "v", "an item that was written has a counter"));
}

/** Writes what `itemToEchoes` reads. */
export function echoesToItem(echoes: Echoes): StoredItem {
  return {
    ...echoesKey(echoes.origin),
    v: echoes.counter,
    ...Object.fromEntries([...echoes.beatByOrigin].map(([origin, beat]) => [`e#${origin}`, beat])),
    touchedAt: echoes.touchedAtMs,
  };
}
