import { describe, expect, it } from "vitest";
import { DEFERRED, findViolations, formOf, goalChain, type Instance, STRATEGY_MODELS } from "../../../models/index.js";
import { drawingRandom } from "../../support/drawing-random.js";
import { evaluateCertificate } from "../../../src/engine/bounds/certificate.js";
import { WorkMeter } from "../../../src/engine/bounds/work-meter.js";
import type { GoalNews, GoalTask } from "../../../src/engine/prove/goal-task.js";
import { proveByContents } from "../../../src/engine/prove/prove-by-contents.js";
import { proveLinearGoal } from "../../../src/engine/prove/prove-linear.js";
import { wave } from "../../planner/forecast/instances.js";

const NUM_TASKS = 600;
const NUM_AGENTS = 30;

/** Tasks of some kinds in turn, on agents of one and two slots that have room for what is asked, and a fifth more. */
function drawInstance(numKinds: number, seed = 1): Instance {
  const random = drawingRandom(seed);
  const { instance } = wave(
    Array.from({ length: NUM_TASKS }, () => ({ busyMs: 1 })),
    Array.from({ length: NUM_AGENTS }, (_, agent) => ({ slots: 1 + (agent % 2) })),
  );
  const draw = (from: number, to: number): number[] =>
    Array.from({ length: numKinds * NUM_AGENTS }, () => from + (to - from) * random.unit());
  const [busy, success] = [draw(1000, 5000), draw(0.5, 1)];
  const spread = (values: readonly number[]): Float64Array =>
    Float64Array.from(
      instance.pairTask,
      (task, pair) => values[(task % numKinds) * NUM_AGENTS + instance.pairAgent[pair]!]!,
    );
  const numSlots = 1.5 * NUM_AGENTS;
  return {
    ...instance,
    busyMs: spread(busy),
    success: spread(success),
    loadLimitMs: new Float64Array(NUM_AGENTS).fill((0.6 * 3000 * NUM_TASKS) / numSlots),
  };
}

/** @param deferred weight that is settled to be left out at most */
function taskOf(
  instance: Instance,
  expectedMoves = 400_000,
  {
    strategy = "maximize_success",
    deferred = 0,
  }: { strategy?: "maximize_success" | "minimize_cost"; deferred?: number } = {},
): GoalTask {
  const { goals, firstIndex } = goalChain(instance, STRATEGY_MODELS[strategy]);
  return {
    instance,
    goal: formOf(goals[firstIndex]!),
    settled: goals.slice(0, firstIndex).map((goal) => ({ goal: formOf(goal), value: deferred })),
    ...{ multipliers: {}, start: null, seed: 1, maxMoves: 1e9, expectedMoves, deadlineMs: Infinity, gap: 0 },
  };
}

const ignore = (): void => undefined;

describe("a sum over pairs with like tasks on many slots", () => {
  it("is a plan within a hundredth of a bound that its certificate proves", () => {
    const instance = drawInstance(25);
    const task = taskOf(instance);
    const news: GoalNews[] = [];
    const answer = proveByContents(task, new WorkMeter(1e10), (one) => news.push(one))!;
    expect(findViolations(instance, answer.plan!)).toEqual([]);
    const value = answer.plan!.agentOf.reduce((sum, agent, k) => sum + instance.success[k * NUM_AGENTS + agent]!, 0);
    expect(answer.certificate!.kind).toBe("knapsack");
    expect(evaluateCertificate(instance, task.goal, task.settled, answer.certificate!)).toBe(answer.bound);
    expect(value).toBeLessThanOrEqual(answer.bound);
    expect(value / answer.bound).toBeGreaterThan(0.99);
    expect(news.map(({ kind }) => kind)).toEqual(["stage", "bound", "incumbent"]);
    expect(proveLinearGoal(task, new WorkMeter(1e10), ignore).plan).toEqual(answer.plan);
  });

  it("leaves out what is settled, and what its certificate proves counts that", () => {
    const drawn = drawInstance(25);
    const weight = drawn.weight.map((_, task) => 1 + ((task % 25) % 3));
    const instance = { ...drawn, weight, cost: drawn.success };
    const strategy = "minimize_cost";
    const [allowed, none] = [40, 0].map((deferred) => taskOf(instance, 400_000, { strategy, deferred })) as [
      GoalTask,
      GoalTask,
    ];
    const answer = proveByContents(allowed, new WorkMeter(1e10), ignore)!;
    const { agentOf } = answer.plan!;
    expect(findViolations(instance, answer.plan!)).toEqual([]);
    const leftOut = agentOf.reduce((sum, agent, task) => sum + (agent === DEFERRED ? instance.weight[task]! : 0), 0);
    expect(leftOut).toBe(40);
    expect(evaluateCertificate(instance, allowed.goal, allowed.settled, answer.certificate!)).toBe(answer.bound);
    // What is left out costs nothing.
    expect(answer.bound).toBeLessThan(proveByContents(none, new WorkMeter(1e10), ignore)!.bound - 10);
  });

  it.each<[string, Instance]>([
    ["of too many kinds", drawInstance(61)],
    ["of so few that HiGHS counts them", drawInstance(20)],
    ["under a limit of tasks", { ...drawInstance(25), maxTasks: new Float64Array(NUM_AGENTS).fill(15) }],
    ["with deadlines on several slots", { ...drawInstance(25), deadlineMs: new Float64Array(NUM_TASKS).fill(1e6) }],
    [
      "one kind of which has no room anywhere",
      { ...drawInstance(25), loadLimitMs: new Float64Array(NUM_AGENTS).fill(900) },
    ],
  ])("is left to the search where tasks are %s", (_, instance) => {
    expect(proveByContents(taskOf(instance), new WorkMeter(1e10), ignore)).toBeNull();
  });

  it("is left to the search where the work does not suffice", () => {
    expect(proveByContents(taskOf(drawInstance(25), 1), new WorkMeter(1e10), ignore)).toBeNull();
  });
});
