import type { Origin } from "../ids/origin.ts";
import { type Index, indexes } from "../items/indexes.ts";
import type { ItemKey, StoredItem } from "../items/item.ts";
import { itemBytes } from "../items/item-size.ts";
import { refuseForeign } from "../items/ownership.ts";
import type { Table } from "../items/tables.ts";
import { refuseTransaction, transactionOperation } from "../items/transaction.ts";
import { compareUtf8 } from "../items/utf8.ts";
import { checkPageLimit, checkPut, checkTransaction, checkUpdate, keyOfWrite } from "../items/write-form.ts";
import type {
  IndexQuery,
  Items,
  ScanPage,
  StorageError,
  TransactionOutcome,
  TransactionWrite,
  UpdateOutcome,
  WriteOutcome,
} from "../ports/items.ts";
import { pageItemsMax, scanItemsMax } from "../ports/items.ts";
import { err, ok, type Result } from "../result/result.ts";
import { createFaultyCalls, type Faults } from "./fake-faults.ts";
import { type Applied, byKey, createFakeTables } from "./fake-tables.ts";
import { canonicalText } from "./item-changes.ts";

/** The items port in memory, for tests: one region's tables, and failures on demand. */
export interface FakeItems extends Items, Faults {
  readonly origin: Origin;
  /** Puts items as replication or an import would: no condition, any origin. */
  load(table: Table, items: readonly StoredItem[]): void;
  /** Every item of a table, by key. */
  dump(table: Table): readonly StoredItem[];
  /** Transactions' tokens are known no longer, as after ten minutes. */
  forgetTokens(): void;
}

/** What one request to DynamoDB reads at most. */
const pageBytesMax = 1024 * 1024;

type Refused = { readonly type: "refused"; readonly item?: StoredItem };

function refused(item: StoredItem | undefined): Refused {
  return { type: "refused", ...(item === undefined ? {} : { item }) };
}

/** Keeps what a transaction's token stood for, once it was written. */
function createTokens() {
  const textByToken = new Map<string, string>();
  return {
    forget: () => textByToken.clear(),
    remember(token: string | undefined, writes: readonly TransactionWrite[]) {
      if (token !== undefined) {
        textByToken.set(token, canonicalText(writes));
      }
    },
    /** Throws when the token stood for other writes: a bug of the caller. */
    isKnown(token: string | undefined, writes: readonly TransactionWrite[]): boolean {
      const known = token === undefined ? undefined : textByToken.get(token);
      if (known !== undefined && known !== canonicalText(writes)) {
        throw new Error(`a transaction's token stood for other writes: ${token}`);
      }
      return known !== undefined;
    },
  };
}

function transactionOutcome(applied: readonly Applied[]): TransactionOutcome {
  const refusals = applied.flatMap(({ type, item }, index) =>
    type === "refused" ? [{ index, ...(item === undefined ? {} : { item }) }] : [],
  );
  return refusals.length === 0 ? { type: "written" } : { type: "refused", refusals };
}

function pageAfter(
  items: readonly StoredItem[],
  { after, limit }: { readonly after?: ItemKey; readonly limit: number },
): ScanPage {
  const page: StoredItem[] = [];
  let bytes = 0;
  for (const item of items.filter((item) => after === undefined || byKey(item, after) > 0)) {
    if (page.length === limit || bytes > pageBytesMax) {
      break;
    }
    page.push(item);
    bytes += itemBytes(item);
  }
  // a page that is full has a next one, even when nothing is left for it: so does DynamoDB's
  const last = page.length === limit || bytes > pageBytesMax ? page.at(-1) : undefined;
  return { items: page, ...(last === undefined ? {} : { next: { pk: last.pk, sk: last.sk } }) };
}

function indexPage(
  index: Index,
  items: readonly StoredItem[],
  { value, beyond, descending = false, limit }: IndexQuery,
): readonly StoredItem[] {
  const { hashKey, rangeKey, holds } = indexes[index];
  const held = (item: StoredItem): StoredItem => {
    const keys = ["pk", "sk", hashKey, rangeKey];
    const kept = Object.entries(item).filter(([name]) => holds === "items" || keys.includes(name));
    return { pk: item.pk, sk: item.sk, ...Object.fromEntries(kept) };
  };
  const rangeOf = (item: StoredItem) => String(item[rangeKey]);
  const isBeyond = (item: StoredItem) =>
    beyond === undefined ||
    (beyond.side === "above" ? 1 : -1) * compareUtf8(rangeOf(item), beyond.rangeKey) > 0;
  const ascending = items
    .filter((item) => item[hashKey] === value && typeof item[rangeKey] === "string" && isBeyond(item))
    .sort((a, b) => compareUtf8(rangeOf(a), rangeOf(b)));
  return (descending ? ascending.reverse() : ascending).slice(0, limit).map(held);
}

export function createFakeItems(origin: Origin): FakeItems {
  const tables = createFakeTables();
  const calls = createFaultyCalls();
  const tokens = createTokens();

  async function writeOne(
    operation: string,
    write: TransactionWrite & { type: "put" | "update" },
  ): Promise<Result<{ readonly type: "written"; readonly item: StoredItem } | Refused, StorageError>> {
    const foreign = refuseForeign(operation, write.table, keyOfWrite(write), origin);
    if (foreign !== undefined) {
      return err(foreign);
    }
    return calls.run(operation, () => {
      const applied = tables.apply(operation, [write]);
      if (!applied.ok) {
        return applied;
      }
      const [{ type, item } = { type: "refused" as const, item: undefined }] = applied.value;
      return ok(type === "written" && item !== undefined ? { type, item } : refused(item));
    });
  }

  function transactOnce(
    operation: string,
    writes: readonly TransactionWrite[],
    token: string | undefined,
  ): Result<TransactionOutcome, StorageError> {
    if (tokens.isKnown(token, writes)) {
      return ok({ type: "written" });
    }
    const applied = tables.apply(operation, writes);
    if (!applied.ok) {
      return applied;
    }
    const outcome = transactionOutcome(applied.value);
    if (outcome.type === "written") {
      tokens.remember(token, writes);
    }
    return ok(outcome);
  }

  return {
    origin,
    operations: calls.operations,
    failNext: calls.failNext,
    forgetTokens: tokens.forget,
    dump: tables.all,
    load(table, items) {
      for (const item of items) {
        tables.set(table, item);
      }
    },
    get: (table, key) => calls.run(`GetItem ${table}`, () => ok(tables.get(table, key))),
    queryPartition: (table, pk) => calls.run(`Query ${table}`, () => ok(tables.partition(table, pk))),
    async queryNewest(table, pk, { before, limit }) {
      checkPageLimit(limit, pageItemsMax);
      return calls.run(`Query ${table}`, () =>
        ok(
          tables
            .partition(table, pk)
            .filter(({ sk }) => before === undefined || compareUtf8(sk, before) < 0)
            .reverse()
            .slice(0, limit),
        ),
      );
    },
    async put(table, item, onlyIf): Promise<Result<WriteOutcome, StorageError>> {
      checkPut(item, onlyIf);
      const outcome = await writeOne(`PutItem ${table}`, { type: "put", table, item, onlyIf });
      return outcome.ok && outcome.value.type === "written" ? ok({ type: "written" }) : outcome;
    },
    async update(table, key, update): Promise<Result<UpdateOutcome, StorageError>> {
      checkUpdate(update);
      return writeOne(`UpdateItem ${table}`, { type: "update", table, key, update });
    },
    async transact(writes, { token } = {}) {
      checkTransaction(writes, token);
      const operation = transactionOperation(writes);
      const refusal = refuseTransaction(writes, origin);
      return refusal === undefined
        ? calls.run(operation, () => transactOnce(operation, writes, token))
        : err(refusal);
    },
    async queryIndex(index, query) {
      checkPageLimit(query.limit, pageItemsMax);
      const { table } = indexes[index];
      return calls.run(`Query ${table}`, () => ok(indexPage(index, tables.all(table), query)));
    },
    async scan(table, page) {
      checkPageLimit(page.limit, scanItemsMax);
      return calls.run(`Scan ${table}`, () => ok(pageAfter(tables.all(table), page)));
    },
  };
}

/** Copies what each fake holds of its own origin to the others, as an idle global table would. */
export function replicateAll(regions: readonly FakeItems[], table: Table): void {
  for (const from of regions) {
    const own = from.dump(table).filter((item) => item.sk.includes(`#${from.origin}`));
    for (const to of regions) {
      if (to !== from) {
        to.load(table, own);
      }
    }
  }
}
