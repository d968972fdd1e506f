export * from "./arbitraries.ts";
export * from "./fake-items.ts";
export * from "./fake-remote-read.ts";
export * from "./product-world.ts";
