import { defineConfig } from "vitest/config";

/** Nothing is built again: `dist/` holds the workers as they were before anything was mutated. */
export default defineConfig({
  test: {
    include: JSON.parse(process.env["PHASE19_MUTATION_TESTS"] ?? "[]"),
    testTimeout: 30_000,
  },
});
