import { runAtOnce } from "../../../models/index.js";
import { describe, expect, it } from "vitest";
import type { SettledGoal } from "../../../models/build.js";
import { findViolations } from "../../../models/feasibility.js";
import type { Assignment, Instance } from "../../../models/instance.js";
import { STRATEGY_MODELS } from "../../../models/strategies.js";
import { goalChain } from "../../../models/strategy.js";
import { aloneBound } from "../../../src/engine/bounds/goal-bound.js";
import { parseProblem } from "../../../src/planner/documents/problem-document.js";
import { applyLoadLimit } from "../../../src/engine/wave/load-limit.js";
import { searchPlan } from "../../../src/engine/search/search.js";
import { buildInstance } from "../../../src/planner/instance/build-instance.js";
import { branchAndBound } from "../../../src/engine/branch/branch-and-bound.js";
import type { BranchingOutcome } from "../../../src/engine/branch/branching-task.js";
import { fillFromPrior } from "../../../src/planner/solve/solve.js";
import { resolveOptions } from "../../../src/planner/solve/options.js";
import { twinAgents } from "../../../src/engine/branch/twin-agents.js";
import { bruteForce } from "../../support/brute-force.js";
import { PLAIN_STRATEGIES } from "../../support/check-against-brute-force.js";
import { randomDocument, randomFullProblem } from "../../support/random-problem.js";
import { PLAIN_OPTIONS } from "../../support/small-instance.js";

/** Settles every goal up to the first by branch and bound alone, from the plan of a search that hardly began. */
function settleAll(instance: Instance, strategy: keyof typeof STRATEGY_MODELS, nodeLimit: number, workLimit = 1) {
  const { goals, firstIndex } = goalChain(instance, STRATEGY_MODELS[strategy]);
  const search = { seed: 1, workLimit, preferences: [instance.busyMs] };
  let plan: Assignment = searchPlan(instance, goals, search).assignment;
  const settled: SettledGoal[] = [];
  const outcomes: BranchingOutcome[] = [];
  for (const goal of goals.slice(0, firstIndex + 1)) {
    const { prices } = aloneBound(instance, goal, settled);
    const shouldStop = (): boolean => false;
    const outcome = runAtOnce(
      branchAndBound({ instance, goal, settled, prices, incumbent: plan, nodeLimit, shouldStop }),
    );
    plan = outcome.plan ?? plan;
    outcomes.push(outcome);
    settled.push({ goal, value: goal.evaluate(plan) });
  }
  return { plan, settled, outcomes };
}

/** An instance of the random documents in which deferral is open, null where the pins of the document are refused. */
function randomInstance(seed: number): Instance | null {
  const document = randomDocument({ seed, maxTasks: 7, maxAgents: 3, maxPlans: 20_000 });
  try {
    const problem = parseProblem(document, "random");
    const options = { ...resolveOptions(problem.options, {}), noDefer: false };
    // This tree knows no order in time: what waits for another task is deferred with it, no more.
    const { instance } = applyLoadLimit(buildInstance(fillFromPrior(problem, options), options), options.loadLimit);
    return { ...instance, timing: null };
  } catch {
    return null;
  }
}

describe("branchAndBound", () => {
  it("finds what brute force finds, with the weakest prices there are", () => {
    let numChecked = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const instance = randomInstance(seed);
      if (instance === null) continue;
      const best = bruteForce(instance);
      for (const strategy of PLAIN_STRATEGIES) {
        const { plan, settled, outcomes } = settleAll(instance, strategy, 1e9);
        const expected = best[strategy]!.slice(instance.deferral.kind === "first" ? 0 : 1);
        const values = settled.map(({ goal, value }) => (goal.sense === "min" ? value : -value));
        expect(outcomes.every(({ isExhausted }) => isExhausted)).toBe(true);
        expect(findViolations(instance, plan), `seed ${seed}, ${strategy}`).toEqual([]);
        values.forEach((value, k) => expect(value, `seed ${seed}, ${strategy}`).toBeCloseTo(expected[k]!, 6));
        numChecked += 1;
      }
    }
    expect(numChecked).toBeGreaterThan(250);
  });

  it("claims no proof when its nodes run out or it is stopped", () => {
    const instance = buildInstance(randomFullProblem(1, 12, 4), PLAIN_OPTIONS);
    const { outcomes } = settleAll(instance, "maximize_throughput", 50);
    expect(outcomes.at(-1)).toMatchObject({ isExhausted: false, wasStopped: false });
    const { goals } = goalChain(instance, STRATEGY_MODELS.maximize_throughput);
    const incumbent = searchPlan(instance, goals, { seed: 1, workLimit: 1, preferences: [instance.busyMs] }).assignment;
    const { prices } = aloneBound(instance, goals[1]!, []);
    const task = { instance, goal: goals[1]!, settled: [], prices, incumbent, nodeLimit: 1e6, shouldStop: () => true };
    expect(runAtOnce(branchAndBound(task))).toMatchObject({ isExhausted: false, wasStopped: true });
  });

  it("proves a wave of equal tasks by counting, where work alone is a task short", () => {
    const problem = randomFullProblem(1, 13, 4);
    const equal = problem.tasks.map((task) => ({
      ...task,
      estimates: Object.fromEntries(
        Object.entries(task.estimates).map(([agent, one]) => [agent, { ...one, durationMs: 30, retries: 0 }]),
      ),
    }));
    const instance = buildInstance({ ...problem, tasks: equal }, PLAIN_OPTIONS);
    const { settled, outcomes } = settleAll(instance, "maximize_throughput", 10_000, 2_000);
    expect(settled.at(-1)!.value).toBe(120);
    expect(outcomes.at(-1)!.isExhausted).toBe(true);
    expect(outcomes.at(-1)!.numNodes).toBeLessThan(100);
  });
});

describe("twinAgents", () => {
  const problem = randomFullProblem(1, 3, 3);
  const [first] = problem.agents;
  const copy = (change: object) => ({
    ...problem,
    agents: problem.agents.map((agent, k) => (k === 2 ? { ...first!, agentId: agent.agentId, ...change } : agent)),
    tasks: problem.tasks.map((task) => ({
      ...task,
      estimates: { ...task.estimates, [problem.agents[2]!.agentId]: task.estimates[first!.agentId]! },
    })),
  });

  it("names the agent before that no number tells apart", () => {
    expect([...twinAgents(buildInstance(copy({}), PLAIN_OPTIONS))]).toEqual([-1, -1, 0]);
  });

  it.each([{ slots: 2 }, { capacityMs: 500 }, { maxTasks: 1 }, { availableFromMs: 5 }])("sees %j", (change) => {
    expect([...twinAgents(buildInstance(copy(change), PLAIN_OPTIONS))]).toEqual([-1, -1, -1]);
  });
});
