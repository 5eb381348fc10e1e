import { afterAll, describe, expect, it } from "vitest";
import { HeuristicPolicy } from "../../benchmarks/learning/heuristic-policy.js";
import { OptimizerPolicy, planOf } from "../../benchmarks/learning/optimizer-policy.js";
import { planOracle } from "../../benchmarks/learning/oracle.js";
import { playWorld } from "../../benchmarks/learning/play-world.js";
import { FROZEN, HEURISTIC_NAMES, learningName, ORACLE } from "../../benchmarks/learning/policies.js";
import { advantageShare } from "../../benchmarks/learning/results.js";
import { type Plan, scorePlan } from "../../benchmarks/learning/scores.js";
import { startingHistory } from "../../benchmarks/learning/starting-history.js";
import { limitedAgents, tasksOf } from "../../benchmarks/learning/tasks.js";
import { chanceOf, type HiddenTask } from "../../benchmarks/learning/truth.js";
import { drawWorld, type World } from "../../benchmarks/learning/worlds.js";
import { closeSolvers } from "../../src/engine/goals/threads.js";

afterAll(closeSolvers);

function expectWithinLimits(world: World, wave: number, tasks: readonly HiddenTask[], plan: Plan): void {
  const counts = new Map<string, number>();
  for (const agentId of plan.values()) counts.set(agentId, (counts.get(agentId) ?? 0) + 1);
  const limits = new Map(limitedAgents(world, wave).map(({ agentId, maxTasks }) => [agentId, maxTasks!]));
  expect([...plan.keys()].sort()).toEqual(tasks.map(({ taskId }) => taskId));
  for (const [agentId, count] of counts) expect(count).toBeLessThanOrEqual(limits.get(agentId) ?? 0);
}

describe("policies", () => {
  it("obey the same limits and place every task", async () => {
    for (const name of ["new-agent-bad", "throughput"] as const) {
      const world = drawWorld({ world: name, numAgents: 6, seed: 5 });
      const history = startingHistory(world);
      const ours = new OptimizerPolicy(world, history, { learnsUntil: Infinity, exploration: 0 });
      for (const wave of [4, 5]) {
        const tasks = tasksOf(world, wave);
        const plans = HEURISTIC_NAMES.map((heuristic) =>
          new HeuristicPolicy(heuristic, world, history).plan(wave, tasks),
        );
        plans.push(await planOracle(world, wave, tasks), planOf((await ours.play(wave, tasks)).plan));
        for (const plan of plans) expectWithinLimits(world, wave, tasks, plan);
      }
    }
  });

  it("are never better than the oracle, in any wave", async () => {
    for (const [world, numWaves] of [
      ["degrades", 12],
      ["new-agent-good", 6],
    ] as const) {
      const job = { world, numAgents: 6, seed: 3, numWaves, explorations: [0] };
      const { policies } = await playWorld(job);
      for (const { scores } of Object.values(policies)) {
        scores.forEach(({ success, placed }, k) => {
          expect(placed).toBe(40);
          expect(success).toBeLessThanOrEqual(policies[ORACLE]!.scores[k]!.success + 1e-9);
        });
      }
    }
  });

  it("see the same luck, so that playing twice gives the same scores", async () => {
    const job = { world: "sparse", numAgents: 6, seed: 2, numWaves: 3, explorations: [0] } as const;
    const [first, again] = [await playWorld(job), await playWorld(job)];
    expect({ ...again, wallMs: 0 }).toEqual({ ...first, wallMs: 0 });
  });

  it("learn: ours gains most of the oracle's advantage over round robin where types matter, frozen plans do not", async () => {
    const job = { world: "opposite", numAgents: 6, seed: 1, numWaves: 12, explorations: [0] } as const;
    const outcome = await playWorld(job);
    const late = { from: 8, to: 12 };
    expect(advantageShare(outcome, learningName(0), late)!).toBeGreaterThan(0.7);
    expect(advantageShare(outcome, FROZEN, late)!).toBeLessThan(0.3);
  });
});

describe("the oracle", () => {
  it("cannot be improved by moving a task or by exchanging two", async () => {
    const world = drawWorld({ world: "star", numAgents: 6, seed: 6 });
    const tasks = tasksOf(world, 1);
    const plan = new Map(await planOracle(world, 1, tasks));
    const best = scorePlan(world, tasks, plan).success;
    const limit = limitedAgents(world, 1)[0]!.maxTasks!;
    const countOf = (agentId: string): number => [...plan.values()].filter((other) => other === agentId).length;
    const chance = (task: HiddenTask, agentId: string): number => chanceOf(world.truth, task, agentId);
    expect(best).toBeCloseTo(
      tasks.reduce((sum, task) => sum + chance(task, plan.get(task.taskId)!), 0),
      9,
    );
    for (const task of tasks) {
      const own = plan.get(task.taskId)!;
      for (const agentId of world.agentIds) {
        if (countOf(agentId) < limit) expect(chance(task, agentId)).toBeLessThanOrEqual(chance(task, own) + 1e-9);
      }
      for (const other of tasks) {
        const its = plan.get(other.taskId)!;
        const gain = chance(task, its) + chance(other, own) - chance(task, own) - chance(other, its);
        expect(gain).toBeLessThanOrEqual(1e-9);
      }
    }
  });
});
