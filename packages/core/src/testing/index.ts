export * from "./arbitraries.ts";
export * from "./fake-items.ts";
export * from "./product-world.ts";
