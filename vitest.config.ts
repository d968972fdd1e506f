import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["packages/*/src/**/*.test.ts", "infra/**/*.test.ts", "scripts/**/*.test.ts"],
    testTimeout: 60_000, // a bound against hanging, not a measure: four regions on two busy cores take a while
    hookTimeout: 120_000, // a world or a database engine starts in some hooks, on two busy cores
    maxWorkers: 2,
  },
});
