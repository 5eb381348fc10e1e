import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/build-before-tests.ts"],
    // By default one core is kept free, which on two cores leaves half of the machine idle.
    maxWorkers: "100%",
    // Files share the modules of their worker: loading them anew for each file takes a sixth of the whole time. No test changes a module.
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
