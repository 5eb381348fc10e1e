import { afterAll, describe, expect, it } from "vitest";
import { buildStage } from "../../../models/build.js";
import { findViolations } from "../../../models/feasibility.js";
import { STRATEGY_MODELS } from "../../../models/strategies.js";
import { goalChain } from "../../../models/strategy.js";
import { createRandom } from "../../../src/domain/random.js";
import { mergeLikeTasks } from "../../../src/engine/goals/merge-like-tasks.js";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { parseProblem } from "../../../src/planner/documents/problem-document.js";
import { buildInstance } from "../../../src/planner/instance/build-instance.js";
import { resolveOptions } from "../../../src/planner/solve/options.js";
import { fillFromPrior } from "../../../src/planner/solve/solve.js";
import { asInput, type Row, solveVerified } from "../../support/documents.js";
import { forEachPlan } from "../../support/brute-force.js";
import { findBroken, objectiveOf, sortSlots } from "../../support/encode.js";
import { PLAIN_OPTIONS } from "../../support/small-instance.js";

afterAll(closeSolvers);

const STRATEGIES = ["maximize_success", "minimize_retries", "confidence_optimization"] as const;

interface Shape {
  readonly numTasks: number;
  readonly numKinds: number;
  readonly slots: readonly number[];
  /** Fields of the tasks of the first kind beside those of all. */
  readonly own?: Row;
}

/** Tasks of some kinds in turn: those of one kind have equal estimates. */
function waveOfKinds(seed: number, { numTasks, numKinds, slots, own = {} }: Shape) {
  const random = createRandom(seed);
  const kinds = Array.from({ length: numKinds }, () =>
    Object.fromEntries(
      slots.map((_, agent) => [
        `agent_${agent}`,
        {
          success_probability: 0.6 + 0.39 * random.unit(),
          duration_ms: Math.round(1000 + 4000 * random.unit()),
          retries: random.unit(),
          confidence_delta: 0.2 * random.unit(),
        },
      ]),
    ),
  );
  return {
    schema_version: 1,
    agents: slots.map((count, agent) => ({ agent_id: `agent_${agent}`, slots: count })),
    tasks: Array.from({ length: numTasks }, (_, k) => ({
      ...{ task_id: `task_${k}`, confidence: 0.9, risk_level: "LOW", estimates: kinds[k % numKinds]! },
      ...(k % numKinds === 0 ? own : {}),
    })),
  };
}

function instanceOf(document: unknown) {
  return buildInstance(fillFromPrior(parseProblem(asInput(document), "wave"), resolveOptions({}, {})), PLAIN_OPTIONS);
}

describe("like tasks counted together", () => {
  it("have the plans of the whole program, with the same values", () => {
    let numPlans = 0;
    for (let seed = 1; seed <= 6; seed++) {
      const wave = waveOfKinds(seed, { numTasks: 5, numKinds: 2, slots: [2, 1], own: { deadline_ms: 11_000 } });
      const instance = instanceOf(wave);
      for (const strategy of STRATEGIES) {
        const { goals, firstIndex } = goalChain(instance, STRATEGY_MODELS[strategy]);
        const goal = goals[firstIndex]!;
        const whole = buildStage(instance, { goal, settled: [] });
        const merged = mergeLikeTasks(whole)!;
        expect(new Set(merged.taskOfVariable).size).toBe(2);
        expect(merged.numIntegers).toBeLessThan(whole.program.variableNames.length / 2 + 1);
        forEachPlan(instance, ({ agentOf, slotOf }) => {
          const copy = { agentOf: Int32Array.from(agentOf), slotOf: Int32Array.from(slotOf) };
          const point = merged.encode(sortSlots(instance, copy))!;
          expect(findBroken(merged.program, point)).toBeNull();
          expect(objectiveOf(merged.program, point)).toBeCloseTo(goal.evaluate(copy), 9);
          const back = merged.decode(point);
          expect(findViolations(instance, back)).toEqual([]);
          expect(goal.evaluate(back)).toBeCloseTo(goal.evaluate(copy), 9);
          numPlans += 1;
        });
      }
    }
    expect(numPlans).toBeGreaterThan(500);
  });

  it("are told apart by what only some of them have", () => {
    const shape: Shape = { numTasks: 6, numKinds: 2, slots: [1, 1] };
    const numKindsOf = (document: ReturnType<typeof waveOfKinds>): number => {
      const instance = instanceOf(document);
      const { goals, firstIndex } = goalChain(instance, STRATEGY_MODELS.maximize_success);
      const merged = mergeLikeTasks(buildStage(instance, { goal: goals[firstIndex]!, settled: [] }));
      return new Set(merged?.taskOfVariable ?? []).size;
    };
    const wave = waveOfKinds(1, shape);
    expect(numKindsOf(wave)).toBe(2);
    expect(numKindsOf({ ...wave, tasks: wave.tasks.map((task, k) => (k === 0 ? { ...task, weight: 2 } : task)) })).toBe(
      3,
    );
  });

  it("leave a program of unlike tasks as it is", () => {
    const instance = instanceOf(waveOfKinds(1, { numTasks: 4, numKinds: 4, slots: [1, 1] }));
    const { goals, firstIndex } = goalChain(instance, STRATEGY_MODELS.maximize_success);
    expect(mergeLikeTasks(buildStage(instance, { goal: goals[firstIndex]!, settled: [] }))).toBeNull();
  });

  it.each(STRATEGIES)("are proven in a wave under the load limit: %s", { timeout: 120_000 }, async (strategy) => {
    const wave = waveOfKinds(3, { numTasks: 40, numKinds: 5, slots: [2, 1, 1, 2, 1] });
    const ours = await solveVerified(wave, { strategy, workLimit: 3_000_000, timeLimitMs: 60_000 });
    expect([ours.termination, ours.reproducible]).toEqual(["optimal", true]);
    expect(ours.attempts.some(({ note }) => note?.startsWith("like tasks together") === true)).toBe(true);
    const whole = await solveVerified(wave, { strategy, solver: "highs", timeLimitMs: 10_000 });
    const sign = ours.objective.sense === "min" ? 1 : -1;
    expect(sign * ours.objective.value!).toBeLessThanOrEqual(sign * whole.objective.value! + 1e-6);
    expect(sign * ours.objective.value!).toBeGreaterThanOrEqual(sign * whole.objective.bound! - 1e-6);
  });
});
