/** The rooms that are mutated, each with the tests that should notice: those beside it, and the cheapest that use it. */
export const ROOMS = {
  "compare-goals": {
    mutate: ["models/compare-goals.ts"],
    tests: ["test/models/compare-goals.test.ts"],
  },
  models: {
    mutate: ["models/*.ts"],
    // Neither `encode` nor `order-rows`, which enumerate plans: a mutant would take seconds.
    tests: [
      "test/models/{ancestry,changes,check-schedule,compare-goals,earliest-starts,feasibility,goals,golden,measures,strategies,timed,variables}.test.ts",
    ],
  },
  bounds: {
    mutate: ["src/engine/bounds/**/*.ts"],
    tests: ["test/engine/bounds/**/*.test.ts"],
  },
  sequencing: {
    mutate: ["src/engine/sequencing/*.ts"],
    tests: ["test/engine/sequencing/*.test.ts"],
  },
  knapsack: {
    mutate: ["src/engine/bounds/knapsack/*.ts"],
    tests: ["test/engine/bounds/{knapsack/*,certificate-knapsack}.test.ts"],
  },
  gate: {
    mutate: ["src/pipeline/execute/gate.ts", "src/pipeline/execute/plan-gate.ts"],
    tests: ["test/pipeline/execute/{gate,plan-gate}.test.ts"],
  },
  journal: {
    mutate: ["src/pipeline/execute/journal/*.ts"],
    tests: ["test/pipeline/execute/journal/{adopt-wave,journal-content,journal-file,run-journal}.test.ts"],
  },
  record: {
    mutate: ["src/pipeline/measure/*.ts"],
    tests: ["test/pipeline/measure/*.test.ts"],
  },
  verify: {
    mutate: ["src/planner/verify/*.ts"],
    // None that solve many waves first.
    tests: ["test/planner/verify/!(tampering|false-claims|timed-certificates).test.ts"],
  },
};
