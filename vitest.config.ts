import { configDefaults, defineConfig } from "vitest/config";

/** Tests that put stand-ins in the place of modules. */
const WITH_STAND_INS = ["test/faces/cli/commands.test.ts"];

export default defineConfig({
  test: {
    globalSetup: ["test/build-before-tests.ts"],
    // By default one core is kept free, which on two cores leaves half of the machine idle.
    maxWorkers: "100%",
    testTimeout: 30_000,
    hookTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: {
          name: "shared",
          include: ["test/**/*.test.ts"],
          exclude: [...configDefaults.exclude, ...WITH_STAND_INS],
          // Files share the modules of their worker: loading them anew for each file takes a sixth of the whole time.
          isolate: false,
        },
      },
      { extends: true, test: { name: "stand-ins", include: WITH_STAND_INS } },
    ],
  },
});
