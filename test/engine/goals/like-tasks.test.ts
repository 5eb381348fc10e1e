import { afterAll, describe, expect, it } from "vitest";
import { buildStage } from "../../../models/build.js";
import { findViolations } from "../../../models/feasibility.js";
import { STRATEGY_MODELS } from "../../../models/strategies.js";
import { goalChain } from "../../../models/strategy.js";
import { drawingRandom } from "../../support/drawing-random.js";
import { ChainRecord } from "../../../src/engine/goals/chain-record.js";
import { hasLikeTasks } from "../../../src/engine/goals/like-stage.js";
import { type SolveContext, Session } from "../../../src/engine/goals/session.js";
import { buildByKinds } from "../../../src/engine/goals/build-by-kinds.js";
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
  const random = drawingRandom(seed);
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

/** Whether like tasks would be counted together in a wave, for its first goal of success. */
function isMerged(document: ReturnType<typeof waveOfKinds>, context: Partial<SolveContext> = {}): boolean {
  const instance = instanceOf(document);
  const chain = goalChain(instance, STRATEGY_MODELS.maximize_success);
  const options = resolveOptions({ strategy: "maximize_success" }, { workLimit: 6_000_000, timeLimitMs: 1000 });
  const session = new Session(options, { now: () => 0, clock: () => 0, fixedNow: true, ...context });
  const record = new ChainRecord(session, instance, chain);
  return hasLikeTasks({ session, instance, record, goal: chain.goals[chain.firstIndex]! });
}

describe("like tasks counted together", () => {
  it("are not counted once a limit has struck", () => {
    const wave = waveOfKinds(1, { numTasks: 400, numKinds: 4, slots: [2, 2, 2, 2, 2, 2, 2, 2] });
    expect(isMerged(wave)).toBe(true);
    expect(isMerged(wave, { startMs: -1001 })).toBe(false);
    expect(isMerged(wave, { signal: AbortSignal.abort() })).toBe(false);
  });

  it("are not counted where they are of too many kinds for HiGHS", () => {
    const slots = Array.from({ length: 30 }, () => 1);
    expect(isMerged(waveOfKinds(1, { numTasks: 400, numKinds: 30, slots }))).toBe(true);
    expect(isMerged(waveOfKinds(1, { numTasks: 400, numKinds: 150, slots }))).toBe(false);
  });

  it("have the plans of the whole program, with the same values", () => {
    let numPlans = 0;
    for (let seed = 1; seed <= 6; seed++) {
      const slots = seed % 2 === 0 ? [2, 1] : [2, 1, 1];
      const wave = waveOfKinds(seed, { numTasks: 5, numKinds: 2, slots, own: { deadline_ms: 11_000 } });
      const instance = instanceOf(wave);
      for (const strategy of STRATEGIES) {
        const { goals, firstIndex } = goalChain(instance, STRATEGY_MODELS[strategy]);
        const goal = goals[firstIndex]!;
        const kinds = [
          [0, 2, 4],
          [1, 3],
        ];
        const merged = buildByKinds(STRATEGY_MODELS[strategy], instance, kinds, { goal, settled: [] });
        const whole = buildStage(instance, { goal, settled: [] });
        expect(merged.program.variableNames.length).toBeLessThan(whole.program.variableNames.length / 2);
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

  it.each([{ weight: 2 }, { deadline_ms: 90_000 }, { pinned_agent: "agent_1" }])(
    "are told apart by %o",
    { timeout: 60_000 },
    async (own) => {
      const wave = waveOfKinds(3, { numTasks: 24, numKinds: 4, slots: [2, 1, 1] });
      const tasks = wave.tasks.map((task, k) => (k % 8 === 0 ? { ...task, ...own } : task));
      const ours = await solveVerified({ ...wave, tasks }, { workLimit: 3_000_000, timeLimitMs: 60_000 });
      const whole = await solveVerified({ ...wave, tasks }, { solver: "highs", timeLimitMs: 20_000 });
      expect(ours.attempts.some(({ note }) => note?.startsWith("like tasks together") === true)).toBe(true);
      expect(ours.termination).toBe("optimal");
      expect(ours.objective.value!).toBeGreaterThanOrEqual(whole.objective.value! - 1e-6);
      expect(ours.objective.value!).toBeLessThanOrEqual((whole.objective.bound ?? Infinity) + 1e-6);
    },
  );

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

  it.each([
    { strategy: "balance_load", stage: "spread_ms" },
    { strategy: "maximize_throughput", stage: "makespan_ms", deferPenalty: 1000 },
    { strategy: "balance_load", stage: "max_load_ms", deferPenalty: 1000 },
  ] as const)("settle times that the engine does not know: $strategy, $stage", async ({ stage, ...more }) => {
    const wave = waveOfKinds(1, { numTasks: 24, numKinds: 3, slots: [2, 1, 2] });
    const { termination, objective, attempts } = await solveVerified(wave, { ...more, workLimit: 1_500_000 });
    expect([termination, objective.secondary?.proven]).toEqual(["optimal", true]);
    const ofKinds = attempts.filter(({ note }) => note?.startsWith("like tasks together") === true);
    expect(ofKinds.map((one) => one.stage)).toContain(stage);
  });

  it("are left alone where a makespan counts agents that come late", () => {
    const wave = waveOfKinds(1, { numTasks: 24, numKinds: 3, slots: [1, 2] });
    const agents = wave.agents.map((agent, k) => ({ ...agent, available_from_ms: 100 * k }));
    const instance = instanceOf({ ...wave, agents });
    const chain = goalChain(instance, STRATEGY_MODELS.maximize_success);
    const session = new Session(resolveOptions({}, {}), { now: () => 0, clock: () => 0, fixedNow: true });
    const record = new ChainRecord(session, instance, chain);
    const isMergedFor = (makespan: number): boolean =>
      hasLikeTasks({ session, instance, record, goal: { ...chain.goals[chain.firstIndex]!, makespan } });
    expect([isMergedFor(0), isMergedFor(-1)]).toEqual([true, false]);
  });
});
