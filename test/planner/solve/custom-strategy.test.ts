import { afterAll, describe, expect, it } from "vitest";
import { closeSolvers, defineStrategy, type ProblemInput, solve, verify } from "../../../src/index.js";

/** Energy of a task depends on its agent and its time; the thirsty agent is the better one. */
const PROBLEM: ProblemInput = {
  agents: [{ agent_id: "old" }, { agent_id: "thirsty" }],
  tasks: ["a", "b", "c"].map((task_id, k) => ({
    ...{ task_id, risk_level: "LOW", confidence: 0.9 },
    estimates: {
      old: { success_probability: 0.8, duration_ms: 100 + k, retries: 0, confidence_delta: 0, cost: 0 },
      thirsty: { success_probability: 0.95, duration_ms: 50 + k, retries: 0, confidence_delta: 0, cost: 0 },
    },
  })),
  options: { load_limit: "none" },
};
const WATTS: Readonly<Record<string, number>> = { old: 10, thirsty: 100 };
const energy = defineStrategy({
  name: "energy",
  sense: "min",
  perTask: ({ agent, busyMs }) => WATTS[agent.agentId]! * busyMs,
});
const NOW = new Date("2026-01-01T00:00:00Z");

afterAll(closeSolvers);

describe("a strategy that its caller defined", () => {
  it("is optimised and proven where it is a sum, by every solver, and verified with the same strategy", async () => {
    for (const solver of ["auto", "glpk", "highs", "lp-solver"] as const) {
      const result = await solve(PROBLEM, { strategy: energy, solver, now: NOW });
      expect(result.strategy).toBe("custom");
      expect(result.objective).toMatchObject({ name: "energy", sense: "min", value: 3030, bound: 3030 });
      expect(result.agent_assignments["old"]).toHaveLength(3);
      expect(verify(result, PROBLEM, { strategy: energy, solver }).verdict).toBe("proved_optimal");
    }
  });

  it("finds a false value, and cannot be verified without the strategy", async () => {
    const result = await solve(PROBLEM, { strategy: energy, now: NOW });
    const spoilt = { ...result, objective: { ...result.objective, value: 3000 } };
    expect(verify(spoilt as typeof result, PROBLEM, { strategy: energy }).verdict).toBe("invalid");
    expect(() => verify(result, PROBLEM)).toThrow(/"energy", which its caller defined/);
  });

  it("is searched and never proven where it is any function of the plan", async () => {
    const spread = defineStrategy({
      name: "tasks_of_the_busiest",
      sense: "min",
      ofPlan: ({ placed }) => {
        const onOld = placed.filter(({ agent }) => agent.agentId === "old").length;
        return Math.max(onOld, placed.length - onOld);
      },
    });
    const result = await solve(PROBLEM, { strategy: spread, now: NOW });
    expect(result.termination).toBe("feasible");
    expect(result.objective).toMatchObject({ value: 2, bound: null });
    expect(verify(result, PROBLEM, { strategy: spread }).verdict).toBe("valid");
  });

  it("decides between equal plans by the strategy that follows", async () => {
    const even = defineStrategy({ name: "nothing", sense: "max", perTask: () => 1, then: "maximize_throughput" });
    const result = await solve(PROBLEM, { strategy: even, now: NOW });
    expect(result.objective.secondary).toMatchObject({ name: "makespan_ms", value: 102 });
  });

  it("says what is wrong with a definition, and with a value", async () => {
    const of = (changes: object) => () => defineStrategy({ ...energy.goal, ...changes } as typeof energy.goal);
    expect(of({ name: "" })).toThrow(/strategy.name/);
    expect(of({ sense: "up" })).toThrow(/"min" or "max"/);
    expect(of({ then: "mix" })).toThrow(/strategy.then/);
    expect(of({ then: ["mix"] })).toThrow(/strategy.then: \["mix"\] is not one of "maximize_success"/);
    expect(of({ perTsk: () => 1 })).toThrow(/"perTsk" is not a part of a strategy; did you mean "perTask"/);
    expect(of({ name: "x".repeat(129) })).toThrow(/has 129 characters/);
    expect(of({ ofPlan: () => 1 })).toThrow(/one of the two/);
    const wrong = defineStrategy({ name: "wrong", sense: "min", perTask: () => NaN });
    await expect(solve(PROBLEM, { strategy: wrong })).rejects.toThrow(/gave NaN for task "a" on old/);
    const giving = (value: number) => defineStrategy({ name: "wrong", sense: "min", perTask: () => value });
    await expect(solve(PROBLEM, { strategy: giving(1e308) })).rejects.toThrow(
      /gave 1e\+308 .* 1000000000000000 at most/,
    );
    await expect(solve(PROBLEM, { strategy: giving(1e-12) })).rejects.toThrow(
      /gave 1e-12 at most, and values below 1e-9/,
    );
  });
});
