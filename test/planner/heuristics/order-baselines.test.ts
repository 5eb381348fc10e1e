import { describe, expect, it } from "vitest";
import { goalChain } from "../../../models/strategy.js";
import { STRATEGY_MODELS } from "../../../models/strategies.js";
import type { Assignment } from "../../../models/instance.js";
import type { ProblemDocument, TaskDocument } from "../../../src/domain/schemas/index.js";
import { baselinesFor, ORDER_BASELINES } from "../../../src/planner/heuristics/baselines.js";
import type { LimitedWave } from "../../../src/planner/heuristics/place-in-order.js";
import { parseProblem } from "../../../src/planner/documents/problem-document.js";
import { buildInstance } from "../../../src/planner/instance/build-instance.js";
import { fillFromPrior } from "../../../src/planner/solve/solve.js";
import { resolveOptions } from "../../../src/planner/solve/options.js";
import { scheduleFaults } from "../../support/timed/check-schedule.js";
import { randomTimedDocument } from "../../support/timed/random-wave.js";
import { readTimedWave } from "../../support/timed/wave.js";

function waveOf(document: ProblemDocument): LimitedWave {
  const parsed = parseProblem(document, "test");
  const options = resolveOptions(parsed.options, {});
  const problem = fillFromPrior(parsed, options);
  return { problem, instance: buildInstance(problem, options) };
}

/** The plan as a result document says it. */
function scheduleOf({ instance, problem }: LimitedWave, { agentOf, slotOf, startMs }: Assignment) {
  const tasks = problem.tasks.map(({ taskId, estimates }, task) => {
    const agent_id = instance.agentIds[agentOf[task]!];
    if (agent_id === undefined) return { task_id: taskId, reason: "" };
    const { durationMs, retries, ...estimate } = estimates[agent_id]!;
    const [start_ms, end_ms] = [startMs![task]!, startMs![task]! + durationMs * (1 + retries)];
    return {
      ...{
        task_id: taskId,
        agent_id,
        slot: slotOf[task]!,
        start_ms,
        end_ms,
        end_interval_ms: [end_ms, end_ms] as const,
      },
      ...{ success_probability: estimate.successProbability, retries, confidence_delta: estimate.confidenceDelta },
    };
  });
  return {
    schedule: tasks.flatMap((one) => ("slot" in one ? [one] : [])),
    deferred_tasks: tasks.flatMap((one) => ("slot" in one ? [] : [one])),
  };
}

function task(id: string, durations: readonly [number, number], more: Partial<TaskDocument> = {}): TaskDocument {
  const estimate = (duration_ms: number) => ({
    success_probability: 0.9,
    duration_ms,
    retries: 0,
    confidence_delta: 0,
  });
  const [a, b] = durations;
  return { task_id: id, risk_level: "LOW", confidence: 0.9, estimates: { a: estimate(a), b: estimate(b) }, ...more };
}

function startsOf(name: string, document: ProblemDocument): readonly (readonly [string, number])[] {
  const wave = waveOf({ ...document, options: { load_limit: "none" } });
  const plan = ORDER_BASELINES.find((one) => one.name === name)!.plan(wave, [], 1);
  return scheduleOf(wave, plan).schedule.map(({ agent_id, start_ms }) => [agent_id, start_ms] as const);
}

const AGENTS = [{ agent_id: "a" }, { agent_id: "b" }];

describe("list heuristics", () => {
  const fork = [task("1", [4, 6]), task("2", [3, 9]), task("3", [2, 4], { depends_on: ["1"] })];

  it("HEFT ranks by the mean path behind a task and takes the earliest end", () => {
    // Ranks 8, 6, 3: task 1 to a, task 2 ends at 7 on a and at 9 on b, task 3 at 9 on a and at 8 on b.
    expect(startsOf("HEFT", { agents: AGENTS, tasks: fork })).toEqual([
      ["a", 0],
      ["a", 4],
      ["b", 4],
    ]);
  });

  it("HEFT fills a gap before a task that waits", () => {
    const tasks = [
      task("1", [9, 2], { pinned_agent: "b" }),
      task("2", [9, 9], { depends_on: ["1"], pinned_agent: "a" }),
    ];
    const gap = [...tasks, task("3", [2, 8])];
    expect(startsOf("HEFT", { agents: AGENTS, tasks: gap })).toEqual([
      ["b", 0],
      ["a", 2],
      ["a", 0],
    ]);
  });

  it("the critical path goes first among what can start, and time comes before the path", () => {
    const tasks = [
      task("1", [2, 9]),
      task("2", [3, 9]),
      task("3", [5, 9], { depends_on: ["2"] }),
      task("4", [9, 9], { release_ms: 1 }),
    ];
    // Tails 2, 8, 5, 9: task 2 starts first on a; at 1 task 4 can start on b.
    const starts = startsOf("critical path first", { agents: AGENTS, tasks });
    expect(starts[1]).toEqual(["a", 0]);
    expect(starts[3]).toEqual(["b", 1]);
  });
});

it("every baseline keeps every rule of time on random waves, or defers", () => {
  let numPlaced = 0;
  for (let seed = 1; seed <= 150; seed++) {
    const drawn = randomTimedDocument(seed);
    const document = { ...drawn, options: { ...drawn.options, load_limit: "none", no_defer: false } };
    const wave = waveOf(document);
    const { goals } = goalChain(wave.instance, STRATEGY_MODELS.maximize_success);
    for (const { name, plan } of baselinesFor(wave.instance)) {
      if (wave.instance.timing === null) continue;
      const result = scheduleOf(wave, plan(wave, goals, seed));
      expect({ seed, name, faults: scheduleFaults(readTimedWave(document, {}), result) }).toEqual({
        seed,
        name,
        faults: [],
      });
      numPlaced += result.schedule.length;
    }
  }
  expect(numPlaced).toBeGreaterThan(2_000);
});
