import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Instance } from "../../../models/instance.js";
import { NO_HEURISTICS } from "../../../src/domain/history.js";
import type { FullProblem } from "../../../src/domain/problem.js";
import { drawingRandom } from "../../support/drawing-random.js";
import type { PlannedTaskRecord } from "../../../src/domain/run.js";
import type { AttemptRequest } from "../../../src/pipeline/execute/executor.js";
import { executeWave } from "../../../src/pipeline/execute/execute-wave.js";
import { predictedWorld } from "../../../src/pipeline/execute/predicted-world.js";
import { SimulatedExecutor } from "../../../src/pipeline/execute/simulated-executor.js";
import type { WaveExecution } from "../../../src/pipeline/execute/settings.js";
import { buildInstance } from "../../../src/planner/instance/build-instance.js";
import { createFailurePolicy } from "../../../src/pipeline/execute/failure-policy.js";
import { planSchedule } from "../../../src/pipeline/execute/planned-tasks.js";
import { simulateSchedule } from "../../../src/planner/forecast/simulate-schedule.js";
import { packSlots } from "../../../src/engine/sequencing/pack-slots.js";
import { type Schedule, scheduleWave } from "../../../src/planner/forecast/schedule-wave.js";
import { randomFullProblem } from "../../support/random-problem.js";
import { PLAIN_OPTIONS } from "../../support/small-instance.js";
import { execute } from "./plans.js";

const RULES = { maxRetries: 2, heuristics: NO_HEURISTICS };

interface World {
  readonly problem: FullProblem;
  readonly instance: Instance;
  readonly schedule: Schedule;
  readonly assignment: { readonly agentOf: Int32Array; readonly slotOf: Int32Array };
  readonly planned: readonly PlannedTaskRecord[];
}

/** A random wave with dependencies, late agents and doubtful gains, its tasks dealt out at random. */
function world(seed: number, numTasks: number, numAgents: number, slots: number): World {
  const plain = randomFullProblem(seed, numTasks, numAgents, slots);
  const random = drawingRandom(seed + 1);
  const problem: FullProblem = {
    ...plain,
    agents: plain.agents.map((agent) => ({ ...agent, availableFromMs: random.below(3) * 400 })),
    tasks: plain.tasks.map((task, k) => ({
      ...task,
      dependsOn: k > 0 && random.unit() < 0.5 ? [plain.tasks[random.below(k)]!.taskId] : [],
      estimates: Object.fromEntries(
        Object.entries(task.estimates).map(([agentId, estimate]) => [
          agentId,
          { ...estimate, standardErrors: { ...estimate.standardErrors, confidenceDelta: 0.03 } },
        ]),
      ),
    })),
  };
  const instance = buildInstance(problem, PLAIN_OPTIONS);
  const assignment = packSlots(
    instance,
    Int32Array.from(problem.tasks, () => random.below(numAgents)),
  )!;
  const schedule = scheduleWave(problem, instance, assignment);
  const planned = planSchedule(problem, instance, { assignment, schedule }, { ...RULES, seed: 1 });
  return { problem, instance, schedule, assignment, planned };
}

function play({ problem, planned }: World, seed: number, wave = 1, reassignment = false): Promise<WaveExecution> {
  return executeWave(planned, problem.agents, {
    ...{ runId: "test", wave, ...RULES, clock: () => 0 },
    executor: new SimulatedExecutor({ seed, world: predictedWorld(problem, RULES) }),
    onFailure: createFailurePolicy({ ...RULES, problem, planned, reassignment }),
  });
}

/** Largest distance between two empirical distributions, over its 0.1 % critical value. */
function kolmogorovSmirnov(left: readonly number[], right: readonly number[]): number {
  const share = (values: readonly number[], at: number): number =>
    values.filter((value) => value <= at + 1e-12).length / values.length;
  const distance = Math.max(...left.map((at) => Math.abs(share(left, at) - share(right, at))));
  return distance / (1.95 * Math.sqrt(1 / left.length + 1 / right.length));
}

function tasksOf({ tasks }: WaveExecution) {
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  return {
    successRate: tasks.filter(({ succeeded }) => succeeded).length / tasks.length,
    makespanMs: Math.max(...tasks.map(({ endMs }) => endMs)),
    confidenceDelta: sum(tasks.map(({ confidenceDelta }) => confidenceDelta!)) / tasks.length,
    retries: sum(tasks.map(({ attempts }) => attempts.length - 1)),
  };
}

describe("SimulatedExecutor", () => {
  it.each([3, 4])("plays the predicted world by the law of simulateSchedule (world %i)", async (seed) => {
    const wave = world(seed, 9, 3, 2);
    const { forecast } = simulateSchedule(wave.problem, wave.instance, wave.assignment, wave.schedule, {
      ...{ seed: 7, maxRetries: 2, replications: 600 },
    });
    const played = await Promise.all(Array.from({ length: 350 }, (_, k) => play(wave, 1000 + k).then(tasksOf)));
    for (const name of ["successRate", "makespanMs", "confidenceDelta", "retries"] as const) {
      const values = played.map((one) => one[name]);
      const distance = kolmogorovSmirnov(values, [...forecast![name]]);
      expect({ name, distance, isClose: distance < 1 }).toEqual({ name, distance, isClose: true });
    }
  });

  it("draws by seed, wave, task and attempt alone", async () => {
    const { problem, planned } = world(5, 4, 2, 1);
    const executor = new SimulatedExecutor({ seed: 3, world: predictedWorld(problem, RULES) });
    const [task] = planned as [PlannedTaskRecord];
    const request: AttemptRequest = {
      ...{ runId: "r", wave: 1, taskId: task.taskId, taskType: null, riskLevel: "LOW", agentId: task.agentId },
      ...{ slot: 0, attempt: 1, confidence: 0.8, startMs: 0, expectedDurationMs: 10, heuristicsApplied: [] },
      ...{ task: {}, idempotencyKey: "r:1:t:1", timeoutMs: 5_000 },
      predicted: { durationMs: 10, p95Ms: 15, successProbability: 0.9 },
    };
    const first = await executor.execute(request);
    for (const taskId of planned.map((other) => other.taskId)) await executor.execute({ ...request, taskId });
    expect(await executor.execute({ ...request, slot: 1, startMs: 99, runId: "other" })).toEqual(first);
    const second = await executor.execute({ ...request, attempt: 2 });
    expect(second.durationMs).not.toBe(first.durationMs);
    expect(second.confidenceDelta).toBe(first.confidenceDelta);
    expect((await executor.execute({ ...request, wave: 2 })).durationMs).not.toBe(first.durationMs);
  });

  it("uses the chances of the agent at hand for the attempt at hand, and gives up as its world says", async () => {
    const sure = { success: [0, 0, 1], giveUp: [0, 0, 1], time: { mu: 0, sigma: 0 }, gain: { mean: 9, spread: 0 } };
    const hopeless = { ...sure, success: [0], giveUp: [1] };
    const executor = new SimulatedExecutor({ seed: 1, world: (_, agentId) => (agentId === "sure" ? sure : hopeless) });
    const request = { wave: 1, taskId: "t" } as AttemptRequest;
    const of = (agentId: string, attempt: number) => executor.execute({ ...request, agentId, attempt });
    expect(await of("sure", 2)).toMatchObject({ succeeded: false, retryable: true, durationMs: 1, confidenceDelta: 1 });
    expect(await of("sure", 3)).toMatchObject({ succeeded: true, errorMessage: null });
    expect(await of("hopeless", 1)).toMatchObject({ succeeded: false, retryable: false });
  });
});

describe("executeWave on random worlds", () => {
  it("loses no task, overlaps on no slot, respects dependencies and retries", async () => {
    const arbitrary = fc.tuple(
      fc.nat(10_000),
      fc.integer({ min: 0, max: 9 }),
      fc.integer({ min: 1, max: 3 }),
      fc.boolean(),
    );
    await fc.assert(
      fc.asyncProperty(arbitrary, async ([seed, numTasks, numAgents, reassignment]) => {
        const wave = world(seed, numTasks, numAgents, 1 + (seed % 2));
        const result = await play(wave, seed, 1, reassignment);
        const { planned } = wave;
        const ids = [...result.tasks, ...result.notStarted].map(({ taskId }) => taskId).sort();
        expect(ids).toEqual(planned.map(({ taskId }) => taskId).sort());
        const byId = new Map(result.tasks.map((task) => [task.taskId, task]));
        const attempts = result.tasks.flatMap((task) => task.attempts);
        for (const [, busy] of Object.entries(groupBySlot(attempts))) {
          busy.sort((a, b) => a.startMs - b.startMs);
          busy.slice(1).forEach((next, k) => expect(next.startMs).toBeGreaterThanOrEqual(busy[k]!.endMs));
        }
        for (const { taskId, dependsOn } of planned) {
          const task = byId.get(taskId);
          if (task === undefined) continue;
          expect(task.attempts.length).toBeLessThanOrEqual(3);
          const late = wave.problem.agents.find(({ agentId }) => agentId === task.attempts[0]!.agentId)!;
          expect(task.startMs).toBeGreaterThanOrEqual(late.availableFromMs);
          for (const before of dependsOn) {
            expect(byId.get(before)?.succeeded).toBe(true);
            expect(task.startMs).toBeGreaterThanOrEqual(byId.get(before)!.endMs);
          }
        }
        for (const { taskId } of result.notStarted) {
          const { dependsOn } = planned.find((task) => task.taskId === taskId)!;
          expect(dependsOn.some((before) => byId.get(before)?.succeeded !== true)).toBe(true);
        }
      }),
      { numRuns: 150, seed: 19 },
    );
  });

  it("gives the same bytes again, whatever the order of the plan", async () => {
    const wave = world(8, 12, 3, 2);
    const text = JSON.stringify(await play(wave, 4, 1, true));
    expect(JSON.stringify(await play(wave, 4, 1, true))).toBe(text);
    expect(JSON.stringify(await play({ ...wave, planned: [...wave.planned].reverse() }, 4, 1, true))).toBe(text);
    expect(JSON.stringify(await play(wave, 5, 1, true))).not.toBe(text);
    expect(JSON.stringify(await play(wave, 4, 2, true))).not.toBe(text);
  });

  it("lets an interruption in during a long simulated wave", async () => {
    const { problem, planned } = world(9, 400, 2, 1);
    const controller = new AbortController();
    setImmediate(() => controller.abort());
    const executor = new SimulatedExecutor({ seed: 1, world: predictedWorld(problem, RULES) });
    const onFailure = () => ({ kind: "give_up", reason: "once is enough" }) as const;
    const result = await execute(planned, problem.agents, executor, { signal: controller.signal, onFailure });
    expect(result.wasAborted).toBe(true);
    expect(result.tasks.length + result.notStarted.length).toBe(400);
    expect(result.tasks.length).toBeLessThan(400);
  });
});

function groupBySlot<T extends { readonly agentId: string; readonly slot: number }>(items: readonly T[]) {
  const groups: Record<string, T[]> = {};
  for (const item of items) (groups[`${item.agentId}/${item.slot}`] ??= []).push(item);
  return groups;
}
