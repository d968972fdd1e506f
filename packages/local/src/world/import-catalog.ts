import { originOf, regions } from "@antipode/core";
import { GraphError } from "../graph/load.ts";
import type { WorldPlan } from "../provision/plan.ts";
import { generateCatalog } from "../seed/catalog.ts";
import { seedItems } from "../seed/seed-items.ts";
import { seedStock } from "../seed/seed-stock.ts";
import type { DynamoService } from "../services/dynamodb/dynamo-service.ts";

export interface CatalogImport {
  readonly products: number;
  readonly regions: number;
}

/**
 * Loads the seeded catalog as a table import per region: into each replica of Catalog, and, since an import emits no
 * stream records, their views and offers into each region's Views as well.
 */
export async function importCatalog(
  plan: WorldPlan,
  dynamo: DynamoService,
  options: {
    readonly writtenAtMs: number;
    readonly nowMs: number;
    readonly withoutViews: readonly string[];
    readonly count?: number;
    /** Of each SKU, in one region each; none without. */
    readonly stockUnits?: number;
  },
): Promise<CatalogImport> {
  const products = generateCatalog(options.count === undefined ? {} : { count: options.count });
  const [home] = regions;
  const items = seedItems(products, {
    origin: originOf(home),
    writtenAtMs: options.writtenAtMs,
    nowMs: options.nowMs,
  });
  const write = { writtenAtMs: options.writtenAtMs, writtenIn: home.name };
  for (const region of plan.regions) {
    await dynamo.importItems(region, tableNamed("Catalog"), items.catalog, write);
    if (options.withoutViews.includes(region)) continue;
    await dynamo.importItems(region, tableNamed("Views"), [...items.views, ...items.offers], write);
  }
  if (options.stockUnits !== undefined) await importStock(options.stockUnits);
  return { products: products.length, regions: plan.regions.length };

  async function importStock(units: number): Promise<void> {
    const origins = regions.map((region) => originOf(region));
    const stock = seedStock(products, { origins, units, writtenAtMs: options.writtenAtMs });
    for (const region of plan.regions) {
      await dynamo.importItems(region, tableNamed("Stock"), stock.cells, write);
      await dynamo.importItems(region, tableNamed("Views"), stock.availability, write);
    }
  }

  function tableNamed(name: string): string {
    const physical = `${plan.app}-${plan.environment}-${name}`;
    if (!plan.tables.some(({ definition }) => definition.name === physical)) {
      throw new GraphError(`no stage deploys the table ${physical}, into which the catalog is loaded`);
    }
    return physical;
  }
}
