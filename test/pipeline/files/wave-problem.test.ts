import { describe, expect, it } from "vitest";
import { EMPTY_HISTORY, NO_HEURISTICS, type History, type OutcomeRow } from "../../../src/domain/history.js";
import type { PlannedTask } from "../../../src/pipeline/files/phase16.js";
import { toAgent, toTask } from "../../../src/planner/documents/problem-convert.js";
import { buildWaveProblem, hasEvidence, listWaves } from "../../../src/pipeline/files/wave-problem.js";
import { messageOf } from "./scratch.js";

const OUTCOME: OutcomeRow = {
  source: "phase17",
  taskId: "w1",
  agentId: null,
  wave: 1,
  succeeded: true,
  attempts: 1,
  confidenceBefore: null,
  confidenceDelta: null,
  executionTimeMs: null,
  riskLevel: null,
  taskType: null,
  timestamp: null,
};

function planned(task_id: string, wave: number, more: object = {}): PlannedTask {
  return {
    task: toTask<string>({ task_id, risk_level: "LOW", confidence: 0.8, ...more }),
    wave,
    approvalStatus: null,
    predictedSuccessRate: null,
    predictedConfidenceDelta: null,
    heuristicsApplied: [],
    place: `tasks.jsonl:${task_id}`,
    row: {},
  };
}

const agents = ["a", "b"].map((agent_id) => toAgent({ agent_id }));
const phases = (tasks: PlannedTask[], history: History = EMPTY_HISTORY) => ({
  tasks,
  agents,
  history,
  heuristics: NO_HEURISTICS,
});

describe("buildWaveProblem", () => {
  it("takes the only wave by itself and asks where there are several", async () => {
    expect(buildWaveProblem(phases([planned("t", 0)])).tasks).toHaveLength(1);
    const two = phases([planned("t", 2), planned("u", 10), planned("v", 0)]);
    expect(listWaves(two.tasks)).toEqual([0, 2, 10]);
    expect(await messageOf(() => buildWaveProblem(two))).toBe(
      "options.wave: is missing; the file has waves 0, 2, 10: choose one",
    );
    expect(await messageOf(() => buildWaveProblem(two, { wave: 3 }))).toBe(
      "options.wave: 3 is not a wave of the task file; the file has waves 0, 2, 10: choose one",
    );
    expect(buildWaveProblem(two, { wave: 10 }).tasks.map(({ taskId }) => taskId)).toEqual(["u"]);
  });

  it("says of each earlier task whether any attempt at it succeeded", () => {
    const tasks = [planned("w1", 1), planned("w2", 1), planned("t", 2, { depends_on: ["w1", "w2"] })];
    const history = {
      ...EMPTY_HISTORY,
      outcomes: [{ ...OUTCOME, succeeded: false }, OUTCOME, { ...OUTCOME, taskId: "w2", succeeded: false }],
    };
    expect(buildWaveProblem(phases(tasks, history), { wave: 2 }).earlierTasks).toEqual({
      w1: "finished",
      w2: "unfinished",
    });
    const choice = { wave: 2, finishedTaskIds: new Set(["w2"]) };
    expect(buildWaveProblem(phases(tasks), choice).earlierTasks).toEqual({ w1: "unfinished", w2: "finished" });
  });

  it("treats what the gate held back as unfinished, whatever an old history says", () => {
    const tasks = [planned("w1", 1), planned("t", 1, { depends_on: ["w1"] })];
    const history = { ...EMPTY_HISTORY, outcomes: [OUTCOME] };
    const problem = buildWaveProblem(phases(tasks, history), { taskIds: new Set(["t"]) });
    expect(problem.tasks.map(({ taskId }) => taskId)).toEqual(["t"]);
    expect(problem.earlierTasks).toEqual({ w1: "unfinished" });
  });

  it.each<[string, PlannedTask[], string]>([
    [
      "a later wave",
      [planned("t", 1, { depends_on: ["u"] }), planned("u", 2)],
      'tasks.jsonl:t: depends_on: "u" is in the later wave 2; move one of the two tasks',
    ],
    [
      "an unknown task",
      [planned("t", 1, { depends_on: ["x1"] }), planned("x2", 1)],
      'tasks.jsonl:t: depends_on: "x1" is not a task of the file; did you mean "x2"?',
    ],
    [
      "a cycle",
      [planned("t", 1, { depends_on: ["u"] }), planned("u", 1, { depends_on: ["t"] })],
      "tasks.jsonl:t: depends_on: dependencies form a cycle: t -> u -> t; remove one of them",
    ],
    ["itself", [planned("t", 1, { depends_on: ["t"] })], 'tasks.jsonl:t: depends_on: "t" depends on itself; remove it'],
    [
      "an unknown risk",
      [planned("t", 1, { risk_level: "medium" })],
      'tasks.jsonl:t: risk_level: "medium" is not one of LOW, MEDIUM, HIGH; did you mean "MEDIUM"?',
    ],
    [
      "an unknown pin",
      [planned("t", 1, { pinned_agent: "c" })],
      'tasks.jsonl:t: pinned_agent: "c" is not an agent; the nearest valid one is "a"',
    ],
    [
      "an unknown estimate",
      [planned("t", 1, { estimates: { c: {} } })],
      'tasks.jsonl:t: estimates: "c" is not an agent; the nearest valid one is "a"',
    ],
  ])("refuses %s, naming file and line", async (_fault, tasks, message) => {
    expect(await messageOf(() => buildWaveProblem(phases(tasks), { wave: 1 }))).toBe(message);
  });

  it("restricts agents, their estimates and nothing else", async () => {
    const tasks = [planned("t", 1, { estimates: { a: { duration_ms: 1 }, b: { duration_ms: 2 } } })];
    const problem = buildWaveProblem(phases(tasks), { agents: ["b"] });
    expect(problem.agents.map(({ agentId }) => agentId)).toEqual(["b"]);
    expect(problem.tasks[0]!.estimates).toEqual({ b: { durationMs: 2 } });
    expect(await messageOf(() => buildWaveProblem(phases(tasks), { agents: ["b", "bb"] }))).toBe(
      'options.agents: "bb" is not an agent; did you mean "b"?',
    );
    expect(await messageOf(() => buildWaveProblem(phases(tasks), { agents: [] }))).toBe(
      "options.agents: names no agents; give at least one",
    );
    const unknown = [planned("t", 1, { estimates: { c: {} } })];
    expect(await messageOf(() => buildWaveProblem(phases(unknown), { agents: ["b"] }))).toContain(
      '"c" is not an agent',
    );
  });
});

describe("hasEvidence", () => {
  const record = {
    agentId: "a",
    successRate: null,
    retryRate: null,
    confidenceDelta: null,
    executionTimeMs: null,
    numTasks: 3,
    successHistory: [],
  };

  it.each<[string, Partial<History>, boolean]>([
    ["nothing", {}, false],
    ["an agent without numbers", { agents: [record] }, false],
    ["an outcome", { outcomes: [OUTCOME] }, true],
    ["a rate of an agent", { agents: [{ ...record, successRate: 0.9 }] }, true],
    ["a success history", { agents: [{ ...record, successHistory: [true] }] }, true],
    ["a rate of all", { fleet: { ...EMPTY_HISTORY.fleet, executionTimeMs: 30 } }, true],
    [
      "a specialization",
      { specializations: [{ agentId: "a", labels: ["x"], successRate: null, confidence: 1 }] },
      true,
    ],
  ])("%s", (_name, history, expected) => {
    expect(hasEvidence({ ...EMPTY_HISTORY, ...history }, NO_HEURISTICS)).toBe(expected);
    expect(buildWaveProblem(phases([planned("t", 1)], { ...EMPTY_HISTORY, ...history })).usesHistory).toBe(expected);
  });

  it("counts heuristics that change attempts", () => {
    const retry = { riskLevels: ["LOW" as const], maxAttempts: 3, confidencePenalty: -0.05 };
    expect(hasEvidence(EMPTY_HISTORY, { ...NO_HEURISTICS, retry })).toBe(true);
  });
});
