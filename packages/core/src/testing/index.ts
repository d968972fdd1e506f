export * from "./arbitraries.ts";
export * from "./fake-items.ts";
export * from "./fake-payment-faults.ts";
export * from "./fake-payment-steps.ts";
export * from "./fake-payments.ts";
export * from "./fake-remote-read.ts";
export * from "./product-world.ts";
