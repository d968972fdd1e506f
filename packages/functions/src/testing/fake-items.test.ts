import { createFakeItems } from "@antipode/core/testing";
import { conformanceOrigin, itemsConformance } from "./items-conformance.ts";

itemsConformance("in memory", async () => {
  const items = createFakeItems(conformanceOrigin);
  return {
    items,
    load: async (table, item) => items.load(table, [item]),
    loseNext: (operation) =>
      items.failNext(operation, { type: "unavailable", operation, reason: "lost" }, { after: true }),
    close: async () => {},
  };
});
