import { afterAll, expect, it } from "vitest";
import { closeSolvers, defineStrategy, type ProblemInput, solve, verify } from "../../../src/index.js";

afterAll(closeSolvers);

const WAVE: ProblemInput = {
  agents: [{ agent_id: "a" }, { agent_id: "b" }],
  tasks: ["x", "y", "z"].map((task_id) => ({
    ...{ task_id, risk_level: "LOW", confidence: 0.9, ...(task_id === "y" && { release_ms: 1 }) },
    estimates: Object.fromEntries(
      ["a", "b"].map((agent) => [
        agent,
        { success_probability: 0.9, duration_ms: 5, retries: 0, confidence_delta: 0, cost: 0 },
      ]),
    ),
  })),
  options: { load_limit: "none" },
};

it.each(["b", "nobody"])(
  "never proves a goal of the whole plan where time binds, and finds its best: on %s",
  async (id) => {
    const onOne = defineStrategy({
      name: "on_one",
      sense: "max",
      ofPlan: ({ placed }) => placed.filter(({ agent }) => agent.agentId === id).length,
    });
    const result = await solve(WAVE, { strategy: onOne });
    const { value, bound, secondary } = result.objective;
    expect([result.termination, value, bound]).toEqual(["feasible", id === "b" ? 3 : 0, null]);
    expect(secondary?.proven).toBe(false);
    expect(["valid", "within"]).toContain(verify(result, WAVE, { strategy: onOne }).verdict);
  },
);
