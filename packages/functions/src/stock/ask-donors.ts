import {
  absorbWrite,
  type CellId,
  type Cells,
  cellAt,
  cellOrigin,
  type DirectAsk,
  demandWrite,
  originRegion,
  planDirectAsk,
  type Shortfall,
  type Sku,
  unitsOf,
} from "@antipode/core";
import type { SellingRights } from "../control/selling-rights.ts";
import type { SellingDeps } from "../orders/deps.ts";
import { askPeer } from "../peer/ask-peer.ts";
import type { PeerAnswerOf } from "../peer/protocol.ts";
import { stockView } from "./read-cells.ts";

/**
 * A donor answers within its region's few ms and a round trip of 250 ms; its first call also starts a function, in a second or two.
 * A shopper waits for the slowest of them, and rather so long than to be told that there is nothing.
 */
const askTimeoutMs = 5_000;

type Grant = Extract<PeerAnswerOf<"grant">, { type: "granted" }>["grants"][number];

/** What a donor grants of the asks that are for it; nothing when it gives no answer. */
async function askRegion(
  { peers, log }: Pick<SellingDeps, "peers" | "log">,
  region: string,
  asks: readonly DirectAsk[],
): Promise<readonly Grant[]> {
  const request = { type: "grant" as const, asks: asks.map((ask) => ({ ...ask })) };
  const answer = await askPeer(peers, region, request, askTimeoutMs);
  if (answer.ok && answer.value.type === "granted") {
    return answer.value.grants;
  }
  const skus = [...new Set(asks.map(({ sku }) => sku))];
  log.warn("a donor gave no answer", { peer: region, skus, cause: answer.ok ? answer.value : answer.error });
  return [];
}

/** Says on the own cell what shoppers ask for: the region gets some before the next one comes. */
async function countDemand(
  { items, clock, deployment, log }: SellingDeps,
  sku: Sku,
  units: number,
): Promise<void> {
  const demand = demandWrite({ sku, origin: deployment.origin, units }, clock.nowMs());
  const counted = await items.update("Stock", demand.key, demand.update);
  if (!counted.ok) {
    log.warn("demand is not counted", { sku, units, cause: counted.error }); // lost, it is one sale less known
  }
}

/** Takes over what a donor says it has granted; somebody else of this region may have been faster. */
async function absorb(
  { items, clock, measurements, log }: SellingDeps,
  cells: Cells,
  { sku, from, to, granted }: { sku: Sku; from: CellId; to: CellId; granted: number },
): Promise<boolean> {
  const cell = cellAt(cells, sku, to);
  const units = granted - unitsOf(cell.absorbed, from);
  if (units <= 0) {
    return false;
  }
  const write = absorbWrite(cell, { from, granted }, clock.nowMs());
  const outcome = await items.update("Stock", write.key, write.update);
  if (!outcome.ok) {
    log.warn("not absorbed", { sku, from, granted, cause: outcome.error });
    return false;
  }
  if (outcome.value.type === "written") {
    measurements.record("StockMoved", [units], { how: "asked" });
  }
  return true;
}

/** Others have some, and the own cells have too few: units that are merely scattered are not asked for. */
const isLacking = ({ wanted, here, elsewhere }: Shortfall) => elsewhere > 0 && here < wanted;

/**
 * A checkout lacks units that other regions have: says so on the own cell, so that the next shopper finds some, asks the
 * donors for their part each, all at once, and takes over what they grant. Whether any came: then look again.
 */
export async function askDonors(
  deps: SellingDeps,
  rights: SellingRights,
  cellsBySku: ReadonlyMap<Sku, Cells>,
  shortfalls: readonly Shortfall[],
): Promise<boolean> {
  const asks: DirectAsk[] = [];
  for (const { sku, wanted, here, elsewhere } of shortfalls.filter(isLacking)) {
    const cells: Cells = cellsBySku.get(sku) ?? new Map();
    const units = wanted - here;
    asks.push(...planDirectAsk(stockView(deps, rights, { sku, cells }), { units }));
    await countDemand(deps, sku, Math.min(units, elsewhere));
  }
  const asksByRegion = Map.groupBy(asks, ({ from }) => originRegion(cellOrigin(from)));
  const answers = await Promise.all(
    [...asksByRegion].map(([region, asked]) => askRegion(deps, region, asked)),
  );
  let came = false;
  for (const grant of answers.flat()) {
    const asked = asks.find(
      ({ sku, from, to }) => sku === grant.sku && from === grant.from && to === grant.to,
    );
    const cells = cellsBySku.get(grant.sku as Sku) ?? new Map();
    if (asked !== undefined && (await absorb(deps, cells, { ...asked, granted: grant.granted }))) {
      came = true;
    }
  }
  return came;
}
