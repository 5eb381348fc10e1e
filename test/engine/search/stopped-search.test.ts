import { describe, expect, it } from "vitest";
import { findViolations } from "../../../models/feasibility.js";
import { STRATEGY_MODELS } from "../../../models/strategies.js";
import { goalChain } from "../../../models/strategy.js";
import { searchPlan, searchSteps } from "../../../src/engine/search/search.js";
import { buildInstance } from "../../../src/planner/instance/build-instance.js";
import { DEFAULT_OPTIONS } from "../../../src/planner/solve/options.js";
import { randomFullProblem } from "../../support/random-problem.js";

const limited = buildInstance(randomFullProblem(1, 60, 8), DEFAULT_OPTIONS);
/** Every plan places every task: one construction is enough. */
const instance = {
  ...limited,
  loadLimitMs: limited.loadLimitMs.map(() => Infinity),
  maxTasks: limited.maxTasks.map(() => Infinity),
  deadlineMs: limited.deadlineMs.map(() => Infinity),
};
const { goals } = goalChain(instance, STRATEGY_MODELS.minimize_retries, { withSecond: true });
/** One construction by each would take many times the moves of one. */
const preferences = Array.from({ length: 6 }, () => instance.retries);

function search(shouldStop: () => boolean, starts: Parameters<typeof searchPlan>[2]["starts"] = []) {
  return searchPlan(instance, goals, { seed: 1, workLimit: 1e6, preferences, starts, shouldStop });
}

describe("a search whose time is up", () => {
  it("makes one plan where it knows none, and no more", () => {
    const steps = searchSteps(instance, goals, { seed: 1, workLimit: 1e6, preferences, shouldStop: () => true });
    let [numSteps, step] = [1, steps.next()];
    for (; !step.done; step = steps.next()) numSteps++;
    expect(findViolations(instance, step.value.assignment)).toEqual([]);
    expect(step.value.wasStopped).toBe(true);
    // A construction yields once for each task.
    expect(numSteps).toBeLessThan(3 * instance.numTasks);
  });

  it("makes none where it knows one", () => {
    const known = search(() => false).assignment;
    const { assignment, work } = search(() => true, [known]);
    expect(assignment.agentOf).toEqual(known.agentOf);
    expect(work).toBe(0);
  });

  it("ends amid its constructions, with the best plan so far", () => {
    let asked = 0;
    const cut = search(() => ++asked > 40);
    expect(findViolations(instance, cut.assignment)).toEqual([]);
    expect(cut.work).toBeLessThan(search(() => false).work);
  });
});
