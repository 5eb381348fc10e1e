import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/build-before-tests.ts"],
    testTimeout: 30_000,
  },
});
