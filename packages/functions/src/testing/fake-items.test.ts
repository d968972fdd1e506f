import { createFakeItems } from "@antipode/core/testing";
import { conformanceOrigin, itemsConformance } from "./items-conformance.ts";

itemsConformance("in-memory fake", async () => createFakeItems(conformanceOrigin));
