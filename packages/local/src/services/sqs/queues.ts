import type { WorldClock } from "../../links/clock.ts";
import type { Random } from "../../links/random.ts";
import type { Scheduler } from "../../links/scheduler.ts";
import type { Attempted } from "../delivery/delivery.ts";
import { type ServiceCaller, serviceMay } from "../iam/resource-policy.ts";
import type { QueueDefinition, QueueMessage } from "./definition.ts";
import { createQueue, type Queue } from "./queue.ts";

export interface Queues {
  create(queue: QueueDefinition): void;
  find(queueArn: string): Queue | undefined;
  list(): readonly Queue[];
  /** For a service, when the queue's own policy lets it. */
  sendAs(caller: ServiceCaller, queueArn: string, message: QueueMessage): Attempted;
}

export interface QueuesOptions {
  readonly scheduler: Scheduler;
  readonly clock: WorldClock;
  readonly random: Random;
}

export function createQueues({ scheduler, clock, random }: QueuesOptions): Queues {
  const byArn = new Map<string, Queue>();
  return {
    create(definition) {
      const queue = createQueue(definition, {
        scheduler,
        random,
        now: () => clock.now(definition.region),
        bury: (deadLetterArn, message) => byArn.get(deadLetterArn)?.adopt(message),
      });
      byArn.set(definition.arn, queue);
    },
    find: (arn) => byArn.get(arn),
    list: () => [...byArn.values()],
    sendAs(caller, queueArn, message) {
      const queue = byArn.get(queueArn);
      if (queue === undefined)
        return { code: "NO_RESOURCE", message: `${queueArn} does not exist`, retryable: false };
      if (!serviceMay(queue.definition.policy, caller, { action: "sqs:SendMessage", resource: queueArn })) {
        const denial = `${caller.service} may not sqs:SendMessage to ${queueArn} for ${caller.sourceArn}`;
        return { code: "NO_PERMISSIONS", message: denial, retryable: false };
      }
      queue.send(message);
      return undefined;
    },
  };
}
