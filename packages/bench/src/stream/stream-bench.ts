import { regions } from "@antipode/core";
import { rebuildViews } from "../../../functions/src/dispatcher/catalog/rebuild-view.ts";
import { createDispatcher } from "../../../functions/src/dispatcher/create-dispatcher.ts";
import { type Bench, scaled } from "../bench.ts";
import { figures } from "../figure.ts";
import { cpuSeconds } from "../measure/cpu.ts";
import { against, medianByName } from "../measure/rounds.ts";
import { homeOrigin, origins } from "../store/sample-shop.ts";
import { type EditsBatch, editsBatch } from "./edits-batch.ts";
import { createMemoryStore } from "./memory-store.ts";

const recordsPerBatch = 1_000;

const deployment = {
  environment: "bench",
  region: regions[0].name,
  origin: homeOrigin,
  regions: regions.map(({ name }, place) => ({ name, origin: origins[place] ?? homeOrigin })),
  domain: "",
};

/** A batch through the catalog's dispatcher: what it measured, by metric. */
export async function dispatch({ catalog, views, event }: EditsBatch) {
  const items = createMemoryStore(homeOrigin, { Catalog: catalog, Views: views });
  const sums = new Map<string, number>();
  const deps = {
    deployment,
    clock: { nowMs: () => Date.now() },
    log: { info() {}, warn() {}, error() {} },
    measurements: {
      record(name: string, values: readonly number[]) {
        sums.set(name, (sums.get(name) ?? 0) + values.reduce((sum, value) => sum + value, 0));
      },
    },
  };
  const handle = createDispatcher(deps, { table: "Catalog", handle: rebuildViews({ ...deps, items }) });
  const seconds = await cpuSeconds(() => handle(JSON.parse(event)));
  return { seconds, sums };
}

interface Loose {
  readonly Records: readonly { readonly dynamodb: { readonly NewImage: object } }[];
}

/** What no consumer can do without: parsing the batch and looking at each image. */
async function parseOnly({ event, records }: EditsBatch): Promise<number> {
  let attributes = 0;
  const seconds = await cpuSeconds(() => {
    for (const { dynamodb } of (JSON.parse(event) as Loose).Records) {
      attributes += Object.keys(dynamodb.NewImage).length;
    }
  });
  if (attributes < records) {
    throw new Error("the batch has records without an image");
  }
  return records / seconds;
}

async function dispatched(batch: EditsBatch): Promise<number> {
  const { seconds, sums } = await dispatch(batch);
  if (sums.get("RecordsApplied") !== batch.records) {
    throw new Error(`of ${batch.records} records ${sums.get("RecordsApplied")} were applied`);
  }
  return batch.records / seconds;
}

/** Records of the catalog's stream, read, folded and decided upon, against the least that any consumer does. */
export const streamBench: Bench = {
  name: "stream records",
  async run(effort, report) {
    const batch = editsBatch(scaled(recordsPerBatch, effort));
    report(`stream records: ${batch.records} records, ${batch.conflicts} conflicts`);
    const contenders = [
      { name: "antipode", sample: () => dispatched(batch) },
      { name: "JSON.parse and a loop", sample: () => parseOnly(batch) },
    ];
    const { value, peers } = against("antipode", await medianByName(contenders, effort.rounds));
    return figures(
      "catalog stream records, parsed to conflicts settled",
      "records per CPU second",
      value,
      peers,
    );
  },
};
