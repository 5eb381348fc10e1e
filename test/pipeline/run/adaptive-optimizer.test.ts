import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { optimizationSummarySchema } from "../../../src/domain/schemas/phase19-run.js";
import { recommendationRowSchema } from "../../../src/domain/schemas/phase19-wave.js";
import { AdaptiveOptimizer } from "../../../src/pipeline/run/adaptive-optimizer.js";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { InputError } from "../../../src/domain/errors.js";
import type { ResultDocument } from "../../../src/domain/result.js";
import { messageOf } from "../files/scratch.js";
import { copyFixture, readJson, readLines, runIn, smallInputs, type Row } from "../../support/pipeline-runs.js";

afterAll(closeSolvers);

const IDS = ["agent_0", "agent_1"];
/** By task: success probability, milliseconds and confidence gain on each of the two agents. */
const PAIRS: Readonly<Record<string, readonly [success: number[], durationMs: number[], gain: number[]]>> = {
  t1: [
    [0.9, 0.6],
    [10, 40],
    [0.01, 0.05],
  ],
  t2: [
    [0.8, 0.7],
    [20, 10],
    [0.04, 0.02],
  ],
  t3: [
    [0.5, 0.9],
    [30, 25],
    [0.03, 0.2],
  ],
  t4: [
    [0.95, 0.9],
    [15, 60],
    [0.02, 0.06],
  ],
};
const TASK_IDS = Object.keys(PAIRS);

async function loaded(): Promise<AdaptiveOptimizer> {
  const tasks = TASK_IDS.map((taskId): Row => {
    const [success, durationMs, gain] = PAIRS[taskId]!;
    const estimates = IDS.map((agentId, k) => [
      agentId,
      { success_probability: success[k], duration_ms: durationMs[k], confidence_delta: gain[k], retries: 0, cost: 0 },
    ]);
    return { task_id: taskId, estimates: Object.fromEntries(estimates) as Row };
  });
  const agents = IDS.map((agent_id) => `${JSON.stringify({ agent_id, max_tasks: 3 })}\n`).join("");
  const root = smallInputs(tasks, { "phase18/agents.jsonl": agents });
  const optimizer = new AdaptiveOptimizer({ loadLimit: "none", now: new Date(0) });
  await optimizer.loadPhase18Data({ phase16Dir: join(root, "phase16"), phase18Dir: join(root, "phase18") });
  return optimizer;
}

/** The best value over every assignment of at most three tasks an agent. */
function bestOfAll(value: (agentOf: readonly number[]) => number): number {
  const plans = Array.from({ length: 2 ** TASK_IDS.length }, (_, code) => TASK_IDS.map((_, k) => (code >> k) & 1));
  const allowed = plans.filter((plan) => {
    const onSecond = plan.reduce((sum, agent) => sum + agent, 0);
    return onSecond >= 1 && onSecond <= 3;
  });
  return Math.max(...allowed.map(value));
}

const sumOver = (kind: 0 | 1 | 2) => (agentOf: readonly number[]) =>
  TASK_IDS.reduce((sum, taskId, k) => sum + PAIRS[taskId]![kind][agentOf[k]!]!, 0);

function agentOf(result: ResultDocument): number[] {
  return TASK_IDS.map((taskId) => IDS.findIndex((agentId) => result.agent_assignments[agentId]!.includes(taskId)));
}

describe("AdaptiveOptimizer", () => {
  it("test_load_phase18_data: counts what it found, and refuses to plan before", async () => {
    const optimizer = new AdaptiveOptimizer();
    expect(await messageOf(() => optimizer.optimizeForSuccess())).toContain("loadPhase18Data");
    const counts = await optimizer.loadPhase18Data({
      phase16Dir: "fixtures/demo/phase16",
      phase17Dir: "fixtures/demo/phase17",
      phase18Dir: "fixtures/demo/phase18",
    });
    const own = readLines("fixtures/demo/phase18/learning_signals.jsonl").length;
    expect(counts).toMatchObject({ agents_loaded: 4, tasks_loaded: 36, signals_loaded: own });
    expect(counts.outcomes_loaded).toBeGreaterThan(40);
    expect(counts.report.skipped).toEqual([]);
    await expect(optimizer.loadPhase18Data({ phase18Dir: "fixtures/nowhere" })).rejects.toThrow(InputError);
  });

  it("test_calculate_optimal_schedule_maximize_success: no assignment succeeds more often", async () => {
    const result = await (await loaded()).calculateOptimalSchedule("maximize_success");
    expect(result.termination).toBe("optimal");
    expect(sumOver(0)(agentOf(result))).toBeCloseTo(bestOfAll(sumOver(0)), 9);
    expect(result.expected_success_rate).toBeCloseTo(bestOfAll(sumOver(0)) / 4, 9);
    expect(agentOf(result)).toEqual([0, 0, 1, 0]);
  });

  it("test_calculate_optimal_schedule_maximize_throughput: no assignment ends earlier", async () => {
    const result = await (await loaded()).calculateOptimalSchedule("maximize_throughput");
    const makespan = (plan: readonly number[]): number =>
      Math.max(
        ...[0, 1].map((agent) =>
          TASK_IDS.reduce((sum, taskId, k) => sum + (plan[k] === agent ? PAIRS[taskId]![1][agent]! : 0), 0),
        ),
      );
    expect(result.termination).toBe("optimal");
    expect(makespan(agentOf(result))).toBe(-bestOfAll((plan) => -makespan(plan)));
    expect(result.expected.makespan_ms).toBe(makespan(agentOf(result)));
  });

  it("test_optimize_for_confidence: no assignment gains more confidence", async () => {
    const result = await (await loaded()).optimizeForConfidence();
    expect(result.strategy).toBe("confidence_optimization");
    expect(sumOver(2)(agentOf(result))).toBeCloseTo(bestOfAll(sumOver(2)), 9);
    expect(result.expected_confidence_delta).toBeCloseTo(bestOfAll(sumOver(2)) / 4, 9);
  });

  it("test_simulate_schedule: outcomes of many runs around what is expected, the same for a seed", async () => {
    const optimizer = await loaded();
    const result = await optimizer.optimizeForSuccess();
    const played = optimizer.simulateSchedule(result, { seed: 5, replications: 4000 });
    expect(Math.abs(played.successRate!.mean - result.expected_success_rate!)).toBeLessThan(0.01);
    const [low, high] = played.makespanMs!.interval;
    expect(low).toBeLessThan(high);
    expect(optimizer.simulateSchedule(result, { seed: 5, replications: 4000 })).toEqual(played);
    expect(optimizer.simulateSchedule(result, { seed: 6, replications: 4000 })).not.toEqual(played);
    const read = JSON.parse(JSON.stringify({ ...result, problem: undefined })) as typeof result;
    await expect(loaded().then((other) => other.simulateSchedule(read))).rejects.toThrow(InputError);
  });

  it("test_update_confidence_estimates: the gain of the chosen agent, and never above 1", async () => {
    const optimizer = await loaded();
    const result = await optimizer.optimizeForConfidence();
    const updates = optimizer.updateConfidenceEstimates(result);
    const plan = agentOf(result);
    expect(updates.map(({ task_id }) => task_id).sort()).toEqual(TASK_IDS);
    for (const update of updates) {
      const agent = plan[TASK_IDS.indexOf(update.task_id)]!;
      expect(update).toMatchObject({ agent_id: IDS[agent], confidence_before: 0.9 });
      expect(update.confidence_after).toBeCloseTo(Math.min(1, 0.9 + PAIRS[update.task_id]![2][agent]!), 12);
    }
    expect(updates.find(({ task_id }) => task_id === "t3")!.confidence_after).toBe(1);
  });

  it("test_generate_schedule_recommendations: one an agent, its tasks, and a reason for each", async () => {
    const optimizer = await loaded();
    const result = await optimizer.optimizeForSuccess();
    const rows = optimizer.generateScheduleRecommendations(result);
    expect(rows.map(({ agent_id }) => agent_id)).toEqual(IDS);
    expect(rows.map(({ task_ids }) => [...task_ids].sort())).toEqual([["t1", "t2", "t4"], ["t3"]]);
    expect(rows[1]).toMatchObject({ expected_success_probability: 0.9, expected_completion_time_ms: 25 });
    expect(rows[0]!.reasons["t1"]).toContain("success 90.0 % (rank 1 of 2), 10 ms an attempt (rank 1 of 2)");
    expect(rows[0]!.reasons["t2"]).toContain("20 ms an attempt (rank 2 of 2)");
  });

  it("test_write_optimization_outputs: the files of a run say what the optimizer calculated", async () => {
    const root = copyFixture("sparse");
    const { outDir } = await runIn(root);
    const summary = optimizationSummarySchema.parse(readJson(outDir, "optimization_summary.json"));
    const optimizer = new AdaptiveOptimizer();
    await optimizer.loadPhase18Data({ phase16Dir: join(root, "phase16"), phase18Dir: join(root, "phase18") });
    const result = await optimizer.optimizeForSuccess();
    expect(summary).toMatchObject({ phase: 19, execution: "simulated" });
    expect(summary.optimization_results).toHaveLength(1);
    expect(summary.optimization_results[0]).toMatchObject({
      ...{ strategy: "maximize_success", wave: 1, termination: "optimal", solver: result.solver.name },
      ...{ objective: result.objective.value, bound: result.objective.bound, gap: result.objective.gap },
      ...{ agent_assignments: result.agent_assignments, task_priorities: result.task_priorities },
      ...{ expected_success_rate: result.expected_success_rate, confidence: result.confidence },
    });
    expect(readJson(outDir, "agent_assignments.json")).toEqual({ 1: result.agent_assignments });
    const rows = readLines(outDir, "schedule_recommendations.jsonl").map((row) => recommendationRowSchema.parse(row));
    const own = optimizer.generateScheduleRecommendations(result);
    expect(rows.map(({ agent_id, task_ids, reasons }) => ({ agent_id, task_ids, reasons }))).toEqual(
      own.map(({ agent_id, task_ids, reasons }) => ({ agent_id, task_ids: [...task_ids], reasons })),
    );
  });
});
