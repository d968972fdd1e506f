import { originOf, regions } from "@antipode/core";
import { GraphError } from "../graph/load.ts";
import type { WorldPlan } from "../provision/plan.ts";
import { generateCatalog } from "../seed/catalog.ts";
import { seedItems } from "../seed/seed-items.ts";
import type { DynamoService } from "../services/dynamodb/dynamo-service.ts";

export interface CatalogImport {
  readonly products: number;
  readonly regions: number;
}

/**
 * Loads the seeded catalog as a table import per region: into each replica of Catalog, and, since an import emits no
 * stream records, into each region's Views as well.
 */
export async function importCatalog(
  plan: WorldPlan,
  dynamo: DynamoService,
  options: {
    readonly writtenAtMs: number;
    readonly nowMs: number;
    readonly withoutViews: readonly string[];
    readonly count?: number;
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
    await dynamo.importItems(region, tableNamed("Views"), items.views, write);
  }
  return { products: products.length, regions: plan.regions.length };

  function tableNamed(name: string): string {
    const physical = `${plan.app}-${plan.environment}-${name}`;
    if (!plan.tables.some(({ definition }) => definition.name === physical)) {
      throw new GraphError(`no stage deploys the table ${physical}, into which the catalog is loaded`);
    }
    return physical;
  }
}
