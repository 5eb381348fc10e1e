import { describe, expect, it } from "vitest";
import { findViolations } from "../../../models/feasibility.js";
import { goalChain } from "../../../models/strategy.js";
import { STRATEGY_MODELS } from "../../../models/strategies.js";
import { BASELINES } from "../../../src/planner/heuristics/baselines.js";
import { compareGoals } from "../../../models/compare-goals.js";
import { easiestFirst, longestFirst, rankAgentsByMean, riskiestFirst } from "../../../src/planner/heuristics/orders.js";
import { type LimitedWave, placeInOrder } from "../../../src/planner/heuristics/place-in-order.js";
import { InputError } from "../../../src/domain/errors.js";
import { drawingRandom } from "../../support/drawing-random.js";
import { parseProblem } from "../../../src/planner/documents/problem-document.js";
import { applyLoadLimit } from "../../../src/engine/wave/load-limit.js";
import { buildInstance } from "../../../src/planner/instance/build-instance.js";
import { fillFromPrior } from "../../../src/planner/solve/solve.js";
import { resolveOptions } from "../../../src/planner/solve/options.js";
import { randomDocument } from "../../support/random-problem.js";

function waveOf(document: unknown): LimitedWave {
  const parsed = parseProblem(document, "test");
  const options = resolveOptions(parsed.options, {});
  const problem = fillFromPrior(parsed, options);
  return { problem, instance: applyLoadLimit(buildInstance(problem, options), options.loadLimit).instance };
}

/** Agents a, b, c with durations of their own; agent b is also the surest, c gains most confidence. */
function threeAgents(tasks: readonly object[], agents: readonly object[] = [{}, {}, {}]): LimitedWave {
  const ids = ["a", "b", "c"];
  const estimates = {
    a: { success_probability: 0.7, duration_ms: 10, retries: 0.3, confidence_delta: 0.01, cost: 3 },
    b: { success_probability: 0.9, duration_ms: 20, retries: 0.2, confidence_delta: 0.02, cost: 2 },
    c: { success_probability: 0.8, duration_ms: 40, retries: 0.1, confidence_delta: 0.03, cost: 1 },
  };
  return waveOf({
    agents: agents.map((agent, k) => ({ agent_id: ids[k], ...agent })),
    tasks: tasks.map((task, k) => ({ task_id: `t${k}`, risk_level: "LOW", confidence: 0.8, estimates, ...task })),
    options: { load_limit: "none" },
  });
}

function planOf(name: string, wave: LimitedWave): (string | null)[] {
  const { goals } = goalChain(wave.instance, STRATEGY_MODELS.maximize_success);
  const { agentOf } = BASELINES.find((baseline) => baseline.name === name)!.plan(wave, goals, 1);
  return Array.from(agentOf, (agent) => wave.instance.agentIds[agent] ?? null);
}

describe("baselines", () => {
  const fourTasks = [{}, {}, {}, {}];

  it.each([
    ["round robin", fourTasks, ["a", "b", "c", "a"]],
    ["least loaded", fourTasks, ["a", "b", "c", "a"]],
    ["even workload", fourTasks, ["a", "b", "c", "a"]],
    ["best agents", fourTasks, ["b", "b", "b", "b"]],
    ["most growth", fourTasks, ["c", "c", "c", "c"]],
    ["cheapest agents", fourTasks, ["c", "c", "c", "c"]],
    ["fewest retries", fourTasks, ["c", "c", "c", "c"]],
    ["fewest retries", [{ risk_level: "HIGH" }], ["b"]],
    ["earliest end", fourTasks, ["a", "b", "a", "a"]],
  ])("%s follows its rule", (name, tasks, expected) => {
    expect(planOf(name, threeAgents(tasks))).toEqual(expected);
  });

  it("longest first goes to the slot that ends first", () => {
    const wave = threeAgents([{}, {}, {}, {}, {}]);
    expect(planOf("longest first", wave)).toEqual(["a", "b", "c", "a", "b"]);
  });

  it("gives the easiest tasks to the best agent while it has room, then to the next", () => {
    const tasks = [{ risk_level: "HIGH" }, { confidence: 0.6 }, { confidence: 0.9 }, { risk_level: "MEDIUM" }];
    const wave = threeAgents(tasks, [{}, { max_tasks: 2 }, { max_tasks: 1 }]);
    expect(planOf("best agents", wave)).toEqual(["a", "b", "b", "c"]);
  });

  it("passes over agents that are ineligible or full, and defers what nobody can take, with what waits for it", () => {
    const agents = [{ max_tasks: 1 }, { max_tasks: 1, skills: ["x"] }, { max_tasks: 1 }];
    const tasks = [{ required_skills: ["x"] }, { required_skills: ["x"] }, { depends_on: ["t1"] }, {}];
    expect(planOf("round robin", threeAgents(tasks, agents))).toEqual(["b", null, null, "c"]);
  });

  it("has a general baseline or one of its own for every strategy, each under its own name", () => {
    const own = BASELINES.flatMap(({ strategy }) => (strategy === null ? [] : [strategy]));
    expect(own.sort()).toEqual(Object.keys(STRATEGY_MODELS).sort());
    expect(new Set(BASELINES.map(({ name }) => name)).size).toBe(BASELINES.length);
  });

  it("draws the same random plan for the same seed, and the best of several by the goals", () => {
    const wave = threeAgents(fourTasks);
    const { goals } = goalChain(wave.instance, STRATEGY_MODELS.minimize_cost);
    const random = BASELINES.find(({ name }) => name === "best of 100 random")!;
    expect(random.plan(wave, goals, 7)).toEqual(random.plan(wave, goals, 7));
    const once = placeInOrder(wave, [0, 1, 2, 3], () => () => [drawingRandom(7).below(3)]);
    const values = (plan: typeof once): number[] => goals.map((goal) => goal.evaluate(plan));
    expect(compareGoals(goals, values(random.plan(wave, goals, 7)), values(once))).toBeLessThanOrEqual(0);
  });

  it("keeps every limit on random problems", () => {
    let numChecked = 0;
    for (let seed = 1; seed <= 150; seed++) {
      const wave = tryWave({ ...randomDocument({ seed, maxTasks: 12, maxAgents: 4, maxPlans: 1e12 }) });
      if (wave === null) continue;
      const instance = { ...wave.instance, deferral: { kind: "first" } as const };
      const { goals } = goalChain(instance, STRATEGY_MODELS.maximize_success);
      for (const { name, plan } of BASELINES) {
        const violations = findViolations(instance, plan({ ...wave, instance }, goals, seed));
        expect({ seed, name, violations }).toEqual({ seed, name, violations: [] });
        numChecked += 1;
      }
    }
    expect(numChecked).toBeGreaterThan(1000);
  });
});

/** null where a random pin is impossible, which the border refuses. */
function tryWave(document: unknown): LimitedWave | null {
  try {
    return waveOf(document);
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

describe("orders", () => {
  it("ranks agents by their means over eligible pairs and leaves out those without one", () => {
    const { instance } = threeAgents([{ pinned_agent: "b" }, { pinned_agent: "c" }]);
    expect(rankAgentsByMean(instance, instance.success, "max")).toEqual([1, 2]);
    expect(rankAgentsByMean(instance, instance.retries, "min")).toEqual([2, 1]);
  });

  it("orders tasks by difficulty and by length", () => {
    const tasks = [
      { risk_level: "MEDIUM" },
      { confidence: 0.7, pinned_agent: "c" },
      { confidence: 0.9, pinned_agent: "a" },
      { risk_level: "HIGH", pinned_agent: "b" },
    ];
    const wave = threeAgents(tasks);
    expect(easiestFirst(wave)).toEqual([2, 1, 0, 3]);
    expect(riskiestFirst(wave)).toEqual([3, 0, 1, 2]);
    expect(longestFirst(wave)).toEqual([1, 0, 3, 2]);
  });
});
