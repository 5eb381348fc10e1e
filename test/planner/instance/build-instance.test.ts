import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Assignment, findPair, type Instance, isPlaceable } from "../../../models/instance.js";
import { selectTasks } from "../../../models/select-instance.js";
import type { FullProblem, Task, Estimate } from "../../../src/domain/problem.js";
import { buildInstance, GATE_BOUND } from "../../../src/planner/instance/build-instance.js";
import { computeExpected, planConfidence } from "../../../src/planner/instance/expected.js";
import { isRowLimit, liftLimit, limitsInForce } from "../../../src/planner/instance/restrict.js";
import { smallProblem } from "../../support/check-against-brute-force.js";
import { randomPlan } from "../../support/encode.js";
import { runs } from "../../support/runs.js";
import { goldenProblem, PLAIN_OPTIONS } from "../../support/small-instance.js";

const SEEDS = fc.integer({ min: 1, max: 100_000 });

function withTasks(change: (task: Task<Estimate>, index: number) => Partial<Task<Estimate>>): FullProblem {
  const problem = goldenProblem();
  return { ...problem, tasks: problem.tasks.map((task, index) => ({ ...task, ...change(task, index) })) };
}

describe("buildInstance", () => {
  it("has a pair exactly where pin, skills and deadline allow it, with the numbers of its estimate", () => {
    fc.assert(
      fc.property(SEEDS, (seed) => {
        const small = smallProblem(seed);
        if (small === null) return;
        const { full, options } = small;
        const instance = buildInstance(full, options);
        full.tasks.forEach((task, i) =>
          full.agents.forEach((agent, j) => {
            const estimate = task.estimates[agent.agentId]!;
            const busyMs = estimate.durationMs + estimate.durationMs * estimate.retries;
            const pinAllows = task.pinnedAgent === null || task.pinnedAgent === agent.agentId;
            const skilled = task.requiredSkills.every((skill) => agent.skills.includes(skill));
            const inTime = task.deadlineMs === null || agent.availableFromMs + busyMs <= task.deadlineMs * (1 + 1e-12);
            const pair = findPair(instance, i, j);
            // What a task waits for, or what waits for it, may leave it no time; `task-windows.test.ts` says when.
            const isAlone =
              task.held === null &&
              task.dependsOn.length === 0 &&
              !full.tasks.some(({ dependsOn }) => dependsOn.includes(task.taskId));
            if (isAlone) expect(pair !== undefined).toBe(pinAllows && skilled && inTime);
            else if (pair !== undefined) expect(pinAllows && skilled && inTime).toBe(true);
            if (pair === undefined) return;
            expect(instance.busyMs[pair]).toBeCloseTo(busyMs, 6);
            expect(instance.success[pair]).toBe(estimate.successProbability);
            expect(instance.belowGate[pair]).toBe(estimate.successProbability < GATE_BOUND[task.riskLevel] ? 1 : 0);
          }),
        );
      }),
      runs(60),
    );
  });

  const placeable = (instance: Instance): boolean[] => instance.taskIds.map((_, task) => isPlaceable(instance, task));

  it("gives no pairs to what waits for an unfinished earlier task, or for a task no agent can take", () => {
    const chain = withTasks((_, k) => ({ dependsOn: [["old"], ["t1"], ["t2"]][k]!, deadlineMs: null }));
    const earlier = (old: "finished" | "unfinished") =>
      buildInstance({ ...chain, earlierTasks: { old } }, PLAIN_OPTIONS);
    expect(placeable(earlier("unfinished"))).toEqual([false, false, false]);
    expect(placeable(earlier("finished"))).toEqual([true, true, true]);
    const homeless = withTasks((_, k) => ({
      requiredSkills: k === 1 ? ["rare"] : [],
      dependsOn: k === 2 ? ["t2"] : [],
    }));
    expect(placeable(buildInstance(homeless, PLAIN_OPTIONS))).toEqual([true, false, false]);
  });

  it("takes risk_aversion × standard error off the success probability, within [0, 1]", () => {
    const doubtful = withTasks((task) => ({
      estimates: Object.fromEntries(
        Object.entries(task.estimates).map(([id, estimate]) => [
          id,
          { ...estimate, standardErrors: { ...estimate.standardErrors, successProbability: id === "ada" ? 0.5 : 0.1 } },
        ]),
      ),
    }));
    const { success } = buildInstance(doubtful, { ...PLAIN_OPTIONS, riskAversion: 1.5 });
    [0.9 - 0.75, 0.7 - 0.15, 0.8 - 0.75, 0.95 - 0.15, 0, 0.92 - 0.15].forEach((expected, pair) =>
      expect(success[pair]).toBeCloseTo(expected, 12),
    );
  });
});

/** Σ P over placed tasks, each times the P of everything in the wave that it waits for, directly or through others. */
function sumOfSuccesses({ tasks, agents }: FullProblem, plan: Assignment): number {
  const byId = new Map(tasks.map((task) => [task.taskId, task]));
  const chanceOf = (task: Task<Estimate>): number => {
    const agent = agents[plan.agentOf[tasks.indexOf(task)]!];
    return agent === undefined ? 0 : task.estimates[agent.agentId]!.successProbability;
  };
  const ancestorsOf = (task: Task<Estimate>): Task<Estimate>[] =>
    task.dependsOn.flatMap((id) => (byId.has(id) ? [byId.get(id)!, ...ancestorsOf(byId.get(id)!)] : []));
  const chances = tasks.map((task) =>
    [...new Set(ancestorsOf(task))].reduce((product, ancestor) => product * chanceOf(ancestor), chanceOf(task)),
  );
  return chances.reduce((sum, chance) => sum + chance, 0);
}

describe("computeExpected", () => {
  it("is the mean, sum and share over placed tasks, successes by the chance that tasks start", () => {
    fc.assert(
      fc.property(SEEDS, (seed) => {
        const small = smallProblem(seed);
        if (small === null) return;
        const plan = randomPlan(small.instance, seed, 0.3);
        const { tasks, agents } = small.full;
        const placed = tasks.flatMap((task, i) => {
          const agent = agents[plan.agentOf[i]!];
          return agent === undefined ? [] : [{ agent, estimate: task.estimates[agent.agentId]! }];
        });
        const expected = computeExpected(small.full, small.instance, plan, 5_000);
        if (placed.length === 0) {
          expect(expected.success_rate).toBeNull();
          expect(planConfidence(expected.success_rate)).toBe(0.1);
          return;
        }
        const total = (value: (estimate: Estimate) => number) =>
          placed.reduce((sum, one) => sum + value(one.estimate), 0);
        const success = sumOfSuccesses(small.full, plan);
        expect(expected.success_rate).toBeCloseTo(success / placed.length, 9);
        expect(expected.throughput_per_s).toBeCloseTo(success / 5, 9);
        expect(expected.confidence_delta).toBeCloseTo(total((one) => one.confidenceDelta) / placed.length, 9);
        expect(expected.retries).toBeCloseTo(
          total((one) => one.retries),
          9,
        );
        expect(expected.cost).toBeCloseTo(
          total((one) => one.cost),
          6,
        );
        for (const { agentId, slots } of agents) {
          const own = placed.filter(({ agent }) => agent.agentId === agentId);
          const busyMs = own.reduce((sum, { estimate }) => sum + estimate.durationMs * (1 + estimate.retries), 0);
          expect(expected.utilization[agentId]).toBeCloseTo(busyMs / (slots * 5_000), 9);
        }
      }),
      runs(60),
    );
    expect([planConfidence(0.02), planConfidence(0.5), planConfidence(1)]).toEqual([0.1, 0.5, 0.99]);
  });
});

describe("restrictions", () => {
  it("keep the chosen tasks with their own pairs and dependencies, and lose one limit at a time", () => {
    fc.assert(
      fc.property(SEEDS, (seed) => {
        const instance = smallProblem(seed)?.instance;
        if (instance === undefined) return;
        const kept = Array.from(instance.taskIds.keys()).filter((task) => (seed + task) % 3 !== 0);
        const part = selectTasks(instance, kept);
        expect(part.taskIds).toEqual(kept.map((task) => instance.taskIds[task]));
        kept.forEach((task, k) => {
          for (let agent = 0; agent < instance.numAgents; agent++) {
            const [old, own] = [findPair(instance, task, agent), findPair(part, k, agent)];
            expect(own === undefined).toBe(old === undefined);
            if (own !== undefined) expect(part.busyMs[own]).toBe(instance.busyMs[old!]);
          }
          const before = (of: typeof instance, i: number) =>
            Array.from(of.dependsOn.subarray(of.dependsStart[i], of.dependsStart[i + 1]), (one) => of.taskIds[one]!);
          expect(before(part, k)).toEqual(before(instance, task).filter((id) => part.taskIds.includes(id)));
        });
        const limits = limitsInForce(instance);
        for (const limit of limits.filter(isRowLimit)) {
          expect(limitsInForce(liftLimit(instance, limit))).toEqual(limits.filter((other) => other !== limit));
        }
      }),
      runs(40),
    );
  });
});
