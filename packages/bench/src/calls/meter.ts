import { type Loopback, serveStore } from "../store/loopback.ts";

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

function unitsOf(answer: string): number {
  const { ConsumedCapacity: consumed = [] } = JSON.parse(answer) as {
    ConsumedCapacity?: Consumed | readonly Consumed[];
  };
  const all = Array.isArray(consumed) ? (consumed as readonly Consumed[]) : [consumed as Consumed];
  return all.reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
}

/** Stands before a DynamoDB endpoint, asks for each call's consumed capacity and counts. */
export async function meterStore(endpoint: string): Promise<MeteredStore> {
  let used = nothing;
  const loopback: Loopback = await serveStore(async ({ headers }, body) => {
    const target = String(headers["x-amz-target"]);
    const answer = await fetch(endpoint, {
      method: "POST",
      headers: {
        authorization: String(headers.authorization),
        "content-type": String(headers["content-type"]),
        "x-amz-target": target,
        "x-amz-date": String(headers["x-amz-date"]),
      },
      body: JSON.stringify({ ...JSON.parse(body), ReturnConsumedCapacity: "TOTAL" }),
    });
    const text = await answer.text();
    const units = unitsOf(text);
    const { roundTrips, readUnits, writeUnits } = used;
    used = writes.test(target)
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
