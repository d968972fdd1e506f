import type { ItemImages, JsonObject, TableEngine, WriteOperation } from "../../engine/engine.ts";
import type { Item, ItemChange, ReplicatedWrite } from "../../engine/item-change.ts";
import type { WorldClock } from "../../links/clock.ts";
import { AwsError } from "../service.ts";
import type { Regions } from "./regions.ts";
import { isLater, keyOfItem, type WriteTime } from "./replica.ts";

const tokenLengthMax = 36;

export interface Writes {
  /** A client's write: engine, images, stream records, changes. Returns the answer. */
  byClient(region: string, operation: WriteOperation, request: JsonObject): Promise<JsonObject>;
  byPeer(region: string, write: ReplicatedWrite): Promise<"applied" | "older">;
  byImport(region: string, table: string, items: readonly Item[], write: WriteTime): Promise<void>;
  byExpiry(region: string): Promise<number>;
}

interface Dependencies {
  readonly engine: TableEngine;
  readonly clock: WorldClock;
  readonly regions: Regions;
  readonly publish: (change: ItemChange) => void;
}

function imagesOf(
  table: string,
  key: Item,
  oldImage: Item | undefined,
  newImage: Item | undefined,
): ItemImages {
  return {
    table,
    key,
    ...(oldImage === undefined ? {} : { oldImage }),
    ...(newImage === undefined ? {} : { newImage }),
  };
}

/** Keys of a transaction's items as TransactGetItems wants them. */
function getsOf(transactItems: unknown, keyOf: (table: string, item: Item) => Item): JsonObject[] {
  if (!Array.isArray(transactItems)) return [];
  return transactItems.flatMap((item: JsonObject) =>
    Object.values(item).map((value) => {
      const action = value as { readonly TableName: string; readonly Key?: Item; readonly Item?: Item };
      return {
        Get: { TableName: action.TableName, Key: action.Key ?? keyOf(action.TableName, action.Item ?? {}) },
      };
    }),
  );
}

/** Every way in which items change. All of them go through the region's lock and are booked in its replicas. */
export function createWrites({ engine, clock, regions, publish }: Dependencies): Writes {
  function commit(
    region: string,
    images: ItemImages,
    write: WriteTime & { readonly expired: boolean },
    nowMs: number,
  ) {
    const change = regions.replica(region, images.table).commit(images, write, nowMs);
    if (change !== undefined) publish(change);
  }

  async function write(region: string, operation: WriteOperation, request: JsonObject): Promise<JsonObject> {
    const { answer, images } = await engine.write(region, operation, request);
    const nowMs = clock.now(region);
    for (const one of images) {
      const time = regions.replica(region, one.table).localWriteTime(one.key, nowMs);
      commit(region, one, { ...time, expired: false }, nowMs);
    }
    return answer;
  }

  /** A transaction that was already done: the answer says what reading its items takes, as DynamoDB's does. */
  async function repeatAnswer(region: string, request: JsonObject): Promise<JsonObject> {
    const mode = request["ReturnConsumedCapacity"];
    if (mode !== "TOTAL" && mode !== "INDEXES") return {};
    const gets = getsOf(request["TransactItems"], (table, item) =>
      keyOfItem(regions.replica(region, table).definition, item),
    );
    const { ConsumedCapacity } = await engine.read(region, "TransactGetItems", {
      TransactItems: gets,
      ReturnConsumedCapacity: mode,
    });
    return { ConsumedCapacity };
  }

  async function transact(region: string, request: JsonObject): Promise<JsonObject> {
    const { ClientRequestToken: token, ...rest } = request;
    if (typeof token !== "string") return write(region, "TransactWriteItems", rest);
    if (token.length < 1 || token.length > tokenLengthMax) {
      throw new AwsError(
        "ValidationException",
        `1 validation error detected: Value '${token}' at 'clientRequestToken' failed to satisfy constraint: Member must have length less than or equal to ${tokenLengthMax}`,
      );
    }
    const { tokens } = regions.of(region);
    // the engine takes the request over, so the copy to be remembered is made before
    const asked: unknown = structuredClone(rest["TransactItems"]);
    if (tokens.isRepeat(token, asked, clock.now(region))) return repeatAnswer(region, rest);
    const answer = await write(region, "TransactWriteItems", rest);
    tokens.remember(token, asked, clock.now(region));
    return answer;
  }

  return {
    byClient: (region, operation, request) =>
      regions
        .of(region)
        .lock.run(() =>
          operation === "TransactWriteItems" ? transact(region, request) : write(region, operation, request),
        ),
    byPeer: (region, { table, key, item, writtenAtMs, writtenIn, expired }) =>
      regions.of(region).lock.run(async () => {
        const known = regions.replica(region, table).writeTime(key);
        if (known !== undefined && !isLater({ writtenAtMs, writtenIn }, known)) return "older";
        const before = await engine.replace(region, table, key, item);
        commit(
          region,
          imagesOf(table, key, before, item),
          { writtenAtMs, writtenIn, expired },
          clock.now(region),
        );
        return "applied";
      }),
    byImport: (region, table, items, time) =>
      regions.of(region).lock.run(async () => {
        const replica = regions.replica(region, table);
        await engine.load(region, table, items);
        for (const item of items) replica.imported(keyOfItem(replica.definition, item), item, time);
      }),
    byExpiry: (region) =>
      regions.of(region).lock.run(async () => {
        let deleted = 0;
        for (const [table, replica] of regions.of(region).replicas) {
          const nowMs = clock.now(region);
          for (const key of replica.expiredKeys(nowMs)) {
            const before = await engine.replace(region, table, key, undefined);
            const time = replica.localWriteTime(key, nowMs);
            commit(region, imagesOf(table, key, before, undefined), { ...time, expired: true }, nowMs);
            deleted += 1;
          }
          replica.trim(nowMs);
        }
        return deleted;
      }),
  };
}
