import { type Random, randomId } from "../../links/random.ts";
import type { Scheduler } from "../../links/scheduler.ts";
import type { QueueDefinition, QueueMessage } from "./definition.ts";

/** A message as it lies in a queue, ms since 1970 by the region's clock where it says so. */
export interface StoredMessage extends QueueMessage {
  readonly id: string;
  readonly sentAtMs: number;
  /** By the world's time, as the others below. */
  readonly enteredMs: number;
  visibleAtMs: number;
  receives: number;
  firstReceivedAtMs?: number;
  /** Of the latest receipt. */
  receipt?: string;
}

export interface ReceivedMessage extends StoredMessage {
  readonly receipt: string;
}

export interface QueueCounts {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

export interface ReceiveOptions {
  readonly messagesMax: number;
  readonly waitMs: number;
  readonly visibilityTimeoutMs: number;
}

export interface Queue {
  readonly definition: QueueDefinition;
  send(message: QueueMessage): StoredMessage;
  /** Takes over a message of another queue, with its id and the time it was first sent. */
  adopt(message: StoredMessage): void;
  /** Waits for a first message as long as it is told. */
  receive(options: ReceiveOptions): Promise<readonly ReceivedMessage[]>;
  /** Of a receipt that is no longer the latest nothing is deleted, and nothing said. */
  delete(receipt: string): void;
  /** Says whether the receipt is that of a message in flight. */
  changeVisibility(receipt: string, timeoutMs: number): boolean;
  purge(): void;
  counts(): QueueCounts;
}

export interface QueueOptions {
  readonly scheduler: Scheduler;
  /** The region's clock. */
  readonly now: () => number;
  readonly random: Random;
  /** Where a message goes that was received too often. */
  readonly bury: (deadLetterArn: string, message: StoredMessage) => void;
}

/** One standard queue in memory, without the disorder and the duplicates that SQS allows itself. */
export function createQueue(definition: QueueDefinition, options: QueueOptions): Queue {
  const { scheduler, random } = options;
  let messages: StoredMessage[] = [];
  const waiting = new Set<() => void>();

  function forgetOld(): void {
    const oldestMs = scheduler.now() - definition.retentionMs;
    if (messages.some(({ enteredMs }) => enteredMs < oldestMs))
      messages = messages.filter(({ enteredMs }) => enteredMs >= oldestMs);
  }

  function enter(message: StoredMessage): void {
    messages.push(message);
    for (const look of [...waiting]) look();
  }

  function takeVisible({ messagesMax, visibilityTimeoutMs }: ReceiveOptions): ReceivedMessage[] {
    forgetOld();
    const nowMs = scheduler.now();
    const taken: ReceivedMessage[] = [];
    for (const message of messages.filter(({ visibleAtMs }) => visibleAtMs <= nowMs)) {
      if (taken.length === messagesMax) break;
      if (definition.redrive !== undefined && message.receives >= definition.redrive.receivesMax) {
        messages = messages.filter((one) => one !== message);
        options.bury(definition.redrive.deadLetterArn, message);
        continue;
      }
      message.receives += 1;
      message.firstReceivedAtMs ??= options.now();
      message.receipt = Buffer.from(`${randomId(random)} ${message.id}`).toString("base64");
      message.visibleAtMs = nowMs + visibilityTimeoutMs;
      taken.push({ ...message, receipt: message.receipt });
    }
    return taken;
  }

  /** Looks again when a message arrives or becomes visible, until the time is up. */
  function waitFor(asked: ReceiveOptions): Promise<readonly ReceivedMessage[]> {
    const untilMs = scheduler.now() + asked.waitMs;
    return new Promise((resolve) => {
      let cancel = () => {};
      const look = () => {
        cancel();
        const taken = takeVisible(asked);
        const nowMs = scheduler.now();
        if (taken.length > 0 || nowMs >= untilMs) {
          waiting.delete(look);
          resolve(taken);
          return;
        }
        const nextMs = Math.min(untilMs, ...messages.map(({ visibleAtMs }) => visibleAtMs));
        cancel = scheduler.after(Math.max(1, nextMs - nowMs), look);
      };
      waiting.add(look);
      look();
    });
  }

  function inFlight(receipt: string): StoredMessage | undefined {
    return messages.find((message) => message.receipt === receipt);
  }

  return {
    definition,
    send(message) {
      forgetOld();
      const enteredMs = scheduler.now();
      const stored: StoredMessage = {
        ...message,
        id: randomId(random),
        sentAtMs: options.now(),
        enteredMs,
        visibleAtMs: enteredMs + (message.delayMs ?? definition.delayMs),
        receives: 0,
      };
      enter(stored);
      return stored;
    },
    adopt({ receipt: _, ...message }) {
      enter({ ...message, receives: 0, visibleAtMs: scheduler.now() });
    },
    receive: waitFor,
    delete(receipt) {
      messages = messages.filter((message) => message.receipt !== receipt);
    },
    changeVisibility(receipt, timeoutMs) {
      const message = inFlight(receipt);
      if (message === undefined || message.visibleAtMs <= scheduler.now()) return false;
      message.visibleAtMs = scheduler.now() + timeoutMs;
      if (timeoutMs === 0) for (const look of [...waiting]) look();
      return true;
    },
    purge() {
      messages = [];
    },
    counts() {
      forgetOld();
      const nowMs = scheduler.now();
      const hidden = messages.filter(({ visibleAtMs }) => visibleAtMs > nowMs);
      const delayed = hidden.filter(({ receives }) => receives === 0).length;
      return { visible: messages.length - hidden.length, inFlight: hidden.length - delayed, delayed };
    },
  };
}
