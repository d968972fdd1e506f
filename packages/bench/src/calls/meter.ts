import { type Loopback, serveStore } from "../store/loopback.ts";
import type { Trail } from "./trail.ts";

/** What a store was asked since the last reading. */
export interface Usage {
  readonly roundTrips: number;
  readonly readUnits: number;
  readonly writeUnits: number;
}

export interface MeteredStore {
  readonly url: string;
  /** Since the last reading. */
  take(): Usage;
  close(): Promise<void>;
}

interface Consumed {
  readonly CapacityUnits?: number;
}

const nothing: Usage = { roundTrips: 0, readUnits: 0, writeUnits: 0 };
const writes = /\.(?:PutItem|UpdateItem|DeleteItem|BatchWriteItem|TransactWriteItems)$/;

interface Asked {
  readonly TableName?: string;
  readonly TransactItems?: readonly Readonly<Record<string, { readonly TableName: string }>>[];
}

/** `Query Orders`, or `TransactWriteItems Carts, 2 Orders, Stock`. */
function callName(target: string, { TableName, TransactItems = [] }: Asked): string {
  const tables = TableName === undefined ? [] : [TableName];
  for (const action of TransactItems) {
    tables.push(...Object.values(action).map((part) => part.TableName));
  }
  const shortNames = tables.map((name) => name.slice(name.lastIndexOf("-") + 1));
  const named = [...new Set(shortNames)].sort().map((name) => {
    const count = shortNames.filter((other) => other === name).length;
    return count === 1 ? name : `${count} ${name}`;
  });
  return `${target.slice(target.indexOf(".") + 1)} ${named.join(", ")}`;
}

function unitsOf(answer: string): number {
  const { ConsumedCapacity: consumed = [] } = JSON.parse(answer) as {
    ConsumedCapacity?: Consumed | readonly Consumed[];
  };
  const all = Array.isArray(consumed) ? (consumed as readonly Consumed[]) : [consumed as Consumed];
  return all.reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
}

/**
 * Stands before a DynamoDB endpoint, asks for each call's consumed capacity and counts. A trail keeps each call, and says
 * when it may go on.
 */
export async function meterStore(endpoint: string, trail?: Trail): Promise<MeteredStore> {
  let used = nothing;
  const loopback: Loopback = await serveStore(async ({ headers }, body) => {
    const target = String(headers["x-amz-target"]);
    const asked = JSON.parse(body);
    const call = await trail?.asked(callName(target, asked));
    const answer = await fetch(endpoint, {
      method: "POST",
      headers: {
        authorization: String(headers.authorization),
        "content-type": String(headers["content-type"]),
        "x-amz-target": target,
        "x-amz-date": String(headers["x-amz-date"]),
      },
      body: JSON.stringify({ ...asked, ReturnConsumedCapacity: "TOTAL" }),
    });
    const text = await answer.text();
    const units = unitsOf(text);
    const { roundTrips, readUnits, writeUnits } = used;
    const isWrite = writes.test(target);
    call?.answered(isWrite ? { readUnits: 0, writeUnits: units } : { readUnits: units, writeUnits: 0 });
    used = isWrite
      ? { roundTrips: roundTrips + 1, readUnits, writeUnits: writeUnits + units }
      : { roundTrips: roundTrips + 1, readUnits: readUnits + units, writeUnits };
    return { status: answer.status, body: text };
  });
  return {
    url: loopback.url,
    take() {
      const taken = used;
      used = nothing;
      return taken;
    },
    close: () => loopback.close(),
  };
}
