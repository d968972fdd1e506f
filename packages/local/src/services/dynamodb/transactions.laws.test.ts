import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { call, createSetClock, startService } from "./conformance/in-process.ts";
import type { DynamoService } from "./dynamo-service.ts";

const region = "us-east-1";
const accounts = ["a", "b", "c"];
const openingUnits = 5;

function keyOf(account: string) {
  return { pk: { S: "ledger" }, sk: { S: account } };
}

/** Moves units between two accounts, if the first has them; like stock, an account never falls below zero. */
function transfer(service: DynamoService, from: string, to: string, units: number) {
  const values = { ":u": { N: String(units) } };
  return call(service, region, "TransactWriteItems", {
    TransactItems: [
      {
        Update: {
          TableName: "carts",
          Key: keyOf(from),
          UpdateExpression: "SET units = units - :u",
          ConditionExpression: "units >= :u",
          ExpressionAttributeValues: values,
        },
      },
      {
        Update: {
          TableName: "carts",
          Key: keyOf(to),
          UpdateExpression: "SET units = units + :u",
          ExpressionAttributeValues: values,
        },
      },
    ],
  });
}

async function balances(service: DynamoService): Promise<number[]> {
  const answer = (await call(service, region, "TransactGetItems", {
    TransactItems: accounts.map((account) => ({ Get: { TableName: "carts", Key: keyOf(account) } })),
  })) as { Responses: { Item: { units: { N: string } } }[] };
  return answer.Responses.map(({ Item }) => Number(Item.units.N));
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

describe("transactions", () => {
  it("are whole for every reader and conserve what they move, however many run at once", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(
            fc.constantFrom(...accounts),
            fc.constantFrom(...accounts),
            fc.integer({ min: 1, max: 7 }),
          ),
          {
            minLength: 1,
            maxLength: 25,
          },
        ),
        async (transfers) => {
          const service = await startService([region], createSetClock(0));
          for (const account of accounts) {
            const Item = { ...keyOf(account), units: { N: String(openingUnits) } };
            await call(service, region, "PutItem", { TableName: "carts", Item });
          }
          const moves = transfers.filter(([from, to]) => from !== to);
          const seen: number[][] = [];
          const outcomes = await Promise.all(
            moves.map(async ([from, to, units]) => {
              const outcome = await transfer(service, from, to, units);
              seen.push(await balances(service));
              return outcome;
            }),
          );
          for (const units of [...seen, await balances(service)]) {
            expect(sum(units)).toBe(openingUnits * accounts.length);
            expect(Math.min(...units)).toBeGreaterThanOrEqual(0);
          }
          const done = outcomes.filter((outcome) => !("error" in outcome)).length;
          const records = service.stream(region, "carts").read("", 1000);
          expect(records).toHaveLength(accounts.length + 2 * done);
        },
      ),
      { numRuns: 100 },
    );
  });
});
