import { afterAll, describe, expect, it } from "vitest";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { checkMixAgainstBruteForce } from "../../support/check-mix-against-brute-force.js";
import { agents, estimate, solveVerified, task } from "../../support/documents.js";

afterAll(closeSolvers);

const NO_LIMIT = { loadLimit: "none" } as const;

describe("mix", () => {
  const tasks = [
    task("t1", "", 0, { estimates: { a: estimate(10, { cost: 9 }), b: estimate(30, { success_probability: 0.99 }) } }),
    task("t2", "", 0, { estimates: { a: estimate(20, { cost: 5 }), b: estimate(15, { success_probability: 0.7 }) } }),
    task("t3", "", 0, { estimates: { a: estimate(12), b: estimate(25, { confidence_delta: 0.2 }) } }),
  ];
  const document = { agents: agents({}, {}), tasks };

  it("has every term between 0 and 1 at its ends, and its value is their weighted sum", async () => {
    const weights = { success: 0.5, throughput: 0.3, balance: 0.1, cost: 0.1 };
    const { objective, termination } = await solveVerified(document, { strategy: "mix", weights, ...NO_LIMIT });
    expect(termination).toBe("optimal");
    let sum = 0;
    for (const { ideal, nadir, value, weight } of objective.terms!) {
      const term = nadir === ideal ? 0 : (value! - ideal) / (nadir - ideal);
      expect(term).toBeGreaterThanOrEqual(-1e-9);
      expect(term).toBeLessThanOrEqual(1 + 1e-9);
      sum += weight * term;
    }
    expect(objective.value).toBeCloseTo(sum, 9);
    expect(objective.terms!.map(({ name }) => name)).toEqual(["success", "throughput", "balance", "cost"]);
  });

  it.each([
    ["success", "maximize_success"],
    ["throughput", "maximize_throughput"],
    ["balance", "balance_load"],
    ["confidence", "confidence_optimization"],
    ["cost", "minimize_cost"],
  ] as const)("of %s alone is %s", async (key, strategy) => {
    const single = await solveVerified(document, { strategy, ...NO_LIMIT });
    const mixed = await solveVerified(document, { strategy: "mix", weights: { [key]: 2 }, ...NO_LIMIT });
    expect(mixed.objective.terms![0]!.value).toBeCloseTo(single.objective.value!, 9);
  });

  it.each([1e-9, 1e-300, 3, 1e9])(
    "is the same plan with the same verdict where all weights are %s times as large",
    async (scale) => {
      const weights = { success: 0.2, throughput: 0.5, cost: 0.3 };
      const scaled = Object.fromEntries(Object.entries(weights).map(([key, weight]) => [key, scale * weight]));
      const [own, other] = [
        await solveVerified(document, { strategy: "mix", weights, ...NO_LIMIT }),
        await solveVerified(document, { strategy: "mix", weights: scaled, ...NO_LIMIT }),
      ];
      expect(other.schedule).toEqual(own.schedule);
      expect([other.termination, other.limit]).toEqual([own.termination, own.limit]);
      expect(other.objective.value).toBeCloseTo(own.objective.value!, 12);
      expect(other.objective.bound).toBeCloseTo(own.objective.bound!, 9);
    },
  );

  it("finds the least weighted sum, and the ends of every term, as brute force does", { timeout: 60_000 }, async () => {
    const mistakes: string[] = [];
    let numCompared = 0;
    for (let seed = 1; seed <= 30; seed++) {
      const check = await checkMixAgainstBruteForce(seed, ["auto", "glpk", "highs", "lp-solver"], 3_000);
      numCompared += check.numProven;
      mistakes.push(...check.mistakes);
    }
    expect(mistakes).toEqual([]);
    expect(numCompared).toBeGreaterThan(60);
  });

  it("has the same table from every solver and any number of threads, where optima tie", async () => {
    // Both agents do t1 alike but for the cost: the best success leaves the cost open, and so on.
    const tied = {
      agents: agents({}, {}, {}),
      tasks: ["t1", "t2", "t3"].map((id, k) =>
        task(id, "", 0, {
          estimates: {
            a: estimate(10, { cost: 1 + k }),
            b: estimate(10, { cost: 5 - k }),
            c: estimate(20, { cost: 1, confidence_delta: 0.05 }),
          },
        }),
      ),
    };
    const weights = { success: 0.4, throughput: 0.2, confidence: 0.2, cost: 0.2 };
    const tables = [];
    for (const [solver, threads] of [
      ["auto", 1],
      ["auto", 2],
      ["glpk", 1],
      ["highs", 1],
      ["lp-solver", 1],
    ] as const) {
      const { objective } = await solveVerified(tied, { strategy: "mix", weights, solver, threads, ...NO_LIMIT });
      tables.push(objective.terms!.map(({ name, ideal, nadir }) => [name, ideal, nadir]));
    }
    for (const table of tables) expect(table).toEqual(tables[0]);
    // The cheapest plan of those of best confidence and success: all on c, one after another, at a cost of 3.
    expect(tables[0]!.find(([name]) => name === "throughput")).toEqual(["throughput", 20, 60]);
  });
});
