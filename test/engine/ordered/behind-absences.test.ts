import { describe, expect, it } from "vitest";
import { DEFERRED, findViolations, goalChain, makespanMs, STRATEGY_MODELS } from "../../../models/index.js";
import { evaluateTimedCertificate } from "../../../src/engine/ordered/evaluate-timed-certificate.js";
import { lastAbsenceMs, relaxOrder } from "../../../src/engine/ordered/relax-order.js";
import { parseProblem } from "../../../src/planner/documents/problem-document.js";
import { buildInstance } from "../../../src/planner/instance/build-instance.js";
import { resolveOptions } from "../../../src/planner/solve/options.js";
import { fillFromPrior } from "../../../src/planner/solve/solve.js";
import { exceeds, forEachTimedPlan } from "./every-timed-plan.js";
import { randomTimedInstance } from "./random-timed-instance.js";

const THROUGHPUT = { strategy: "maximize_throughput" } as const;

describe("agents that arrive later by their absences", () => {
  it("run every plan by its end, or by the last absence where it ends earlier", () => {
    let numLater = 0;
    for (let seed = 1; seed <= 120; seed++) {
      const instance = randomTimedInstance(seed, 4);
      const lastMs = lastAbsenceMs(instance);
      if (lastMs === 0 || instance.deferral.kind === "priced") continue;
      const chain = goalChain(instance, STRATEGY_MODELS.maximize_throughput);
      const behind = relaxOrder(instance, chain, true);
      const before = relaxOrder(instance, chain);
      const goal = chain.firstIndex;
      forEachTimedPlan(instance, (plan) => {
        const untimed = { agentOf: plan.agentOf, slotOf: plan.slotOf };
        const value = behind.chain.goals[goal]!.evaluate(untimed);
        expect(exceeds(value, Math.max(lastMs, makespanMs(instance, plan)))).toBe(false);
        if (value > before.chain.goals[goal]!.evaluate(untimed)) numLater++;
        if (!plan.agentOf.includes(DEFERRED)) expect(findViolations(behind.instance, untimed)).toEqual([]);
      });
    }
    expect(numLater).toBeGreaterThan(100);
  });

  it("prove a bound behind the last absence, and none before it", () => {
    const proven = (awayMs: readonly [number, number], atMs: number): number => {
      const document = {
        agents: [{ agent_id: "anna", unavailable: [awayMs] }],
        tasks: ["t1", "t2"].map((task_id) => ({
          task_id,
          risk_level: "LOW",
          confidence: 0.8,
          estimates: { anna: { success_probability: 1, duration_ms: 4, retries: 0 } },
        })),
      };
      const parsed = parseProblem(document, "absent");
      const options = resolveOptions(parsed.options, THROUGHPUT);
      const instance = buildInstance(fillFromPrior(parsed, options), options);
      const chain = goalChain(instance, STRATEGY_MODELS.maximize_throughput);
      const plan = { agentOf: Int32Array.of(0, 0), slotOf: Int32Array.of(0, 0), startMs: Float64Array.of(20, 24) };
      const multipliers = { "assign[t1]": 1, "assign[t2]": 1 };
      const certificate = { kind: "makespan_knapsack", at_ms: atMs, multipliers, bound: atMs } as const;
      return evaluateTimedCertificate(instance, chain, plan, certificate);
    };
    expect(proven([2, 5], 10)).toBe(11);
    expect(proven([2, 5], 11)).toBe(-Infinity);
    // Without the absence 8 is enough: what is known of a later end says nothing of an earlier one.
    expect(proven([14, 18], 11)).toBe(-Infinity);
    expect(proven([14, 18], 7)).toBe(8);
  });
});
