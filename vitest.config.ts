import { defineConfig } from "vitest/config";

/** Tests that start four regions, with a process for each function that runs: one after the other, and alone. */
const worlds = ["packages/local/src/world/**/*.test.ts", "packages/local/src/drills/*.test.ts"];

const shared = {
  setupFiles: ["vitest.setup.ts"],
  testTimeout: 60_000, // a bound against hanging, not a measure: four regions on two busy cores take a while
  hookTimeout: 120_000, // a world or a database engine starts in some hooks, on two busy cores
};

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shared,
          name: "parts",
          include: ["packages/*/src/**/*.test.ts", "infra/**/*.test.ts", "scripts/**/*.test.ts"],
          exclude: worlds,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: { ...shared, name: "worlds", include: worlds, maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
