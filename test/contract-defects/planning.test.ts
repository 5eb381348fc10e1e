import { afterAll, describe, expect, it } from "vitest";
import { loadPhases } from "../../src/pipeline/files/phases.js";
import { buildWaveProblem } from "../../src/pipeline/files/wave-problem.js";
import { AdaptiveScheduler } from "../../src/pipeline/execute/adaptive-scheduler.js";
import { closeSolvers } from "../../src/engine/goals/threads.js";
import { fillEstimates } from "../../src/planner/prediction/fill-estimates.js";
import { agents, asInput, estimate, NOW, solveVerified, task } from "../support/documents.js";
import { copyFixture, readAgentRows, readLines, runIn, smallInputs } from "../support/pipeline-runs.js";
import { resolveOptions } from "../../src/planner/solve/options.js";

afterAll(closeSolvers);

interface PlannedRow {
  readonly task_id: string;
  readonly agent_id: string;
  readonly risk_level: string;
  readonly confidence: number;
  readonly predicted_success_probability: number;
}

/** Every order of the numbers below n. */
function permutations(n: number): number[][] {
  if (n === 0) return [[]];
  return permutations(n - 1).flatMap((rest) =>
    Array.from({ length: n }, (_, at) => [...rest.slice(0, at), n - 1, ...rest.slice(at)]),
  );
}

describe("defect 2: tasks of constant risk and confidence, invented tasks, and success every time", () => {
  it("every task keeps its own risk and confidence, and no other appears", async () => {
    const root = copyFixture("demo");
    const { outDir } = await runIn(root, { solver: "greedy" });
    const given = readLines<PlannedRow>(root, "phase16/planned_tasks.jsonl");
    const kept = (rows: readonly PlannedRow[]) =>
      rows.map((row) => [row.task_id, row.risk_level, row.confidence]).sort();
    expect(kept(readAgentRows<PlannedRow>(outDir, "planned_tasks.jsonl"))).toEqual(kept(given));
    expect(new Set(given.map(({ risk_level }) => risk_level)).size).toBe(3);
  });

  it("risk, confidence and agent all move what is predicted and what the simulator plays", async () => {
    const rows = ["LOW", "MEDIUM", "HIGH"].flatMap((risk_level) =>
      [0.55, 0.95].map((confidence) => ({ task_id: `${risk_level}_${confidence}`, risk_level, confidence })),
    );
    const many = Array.from({ length: 10 }, (_, k) => rows.map((row) => ({ ...row, task_id: `${row.task_id}_${k}` })));
    const agents = { agent_0: { success_rate: 0.95, tasks: 50 }, agent_1: { success_rate: 0.3, tasks: 50 } };
    const files = { "phase18/multi_agent_summary.json": JSON.stringify({ agent_performance: agents }) };
    const root = smallInputs(many.flat(), files);
    const { outDir, summary } = await runIn(root, { solver: "greedy", strategy: "balance_load", maxRetries: 0 });
    const planned = readAgentRows<PlannedRow>(outDir, "planned_tasks.jsonl");
    const meanOf = (isMember: (row: PlannedRow) => boolean): number => {
      const members = planned.filter(isMember);
      return members.reduce((sum, row) => sum + row.predicted_success_probability, 0) / members.length;
    };
    const by = (agent: string) => meanOf(({ agent_id }) => agent_id === agent);
    expect(by("agent_0")).toBeGreaterThan(by("agent_1") + 0.05);
    for (const agent of ["agent_0", "agent_1"]) {
      const of = (risk: string, sure: boolean) =>
        meanOf((row) => row.agent_id === agent && row.risk_level === risk && row.confidence > 0.9 === sure);
      expect(of("LOW", true)).toBeGreaterThan(of("HIGH", true));
      expect(of("LOW", true)).toBeGreaterThan(of("LOW", false));
    }
    const expected = planned.reduce((sum, row) => sum + row.predicted_success_probability, 0);
    expect(summary!.tasks.failed).toBeGreaterThan(0);
    expect(Math.abs(summary!.tasks.completed - expected)).toBeLessThan(4 * Math.sqrt(60 / 4));
  });
});

describe("defect 3: every assignment with equal counts scored the same", () => {
  it("the 24 ways to give four tasks to four agents score differently", async () => {
    const dir = (phase: string) => `fixtures/demo/${phase}`;
    const phases = await loadPhases({
      phase16Dir: dir("phase16"),
      phase17Dir: dir("phase17"),
      phase18Dir: dir("phase18"),
    });
    const options = resolveOptions({}, { strategy: "maximize_success" });
    const problem = fillEstimates(buildWaveProblem(phases, { wave: 1 }), phases.history, phases.heuristics, options);
    const ids = problem.agents.map(({ agentId }) => agentId);
    const free = problem.tasks.filter(({ estimates }) => ids.every((agentId) => estimates[agentId] !== undefined));
    const four = [...new Map(free.map((own) => [own.taskType, own])).values()].slice(0, 4);
    expect([ids.length, four.length]).toEqual([4, 4]);
    const scores = permutations(4).map((plan) =>
      plan.reduce((sum, agent, k) => sum + four[k]!.estimates[ids[agent]!]!.successProbability, 0),
    );
    expect(new Set(scores.map((score) => score.toFixed(6))).size).toBe(24);
    expect(Math.max(...scores) - Math.min(...scores)).toBeGreaterThan(0.1);
  });
});

describe("defect 4: load was a task count, balance_load was throughput, and time and slots did not matter", () => {
  it("balance_load evens out busy time, not the number of tasks", async () => {
    const tasks = [task("long", "ab", 100), ...["s1", "s2", "s3", "s4", "s5"].map((id) => task(id, "ab", 20))];
    const { agent_assignments } = await solveVerified({ agents: agents({}, {}), tasks }, { strategy: "balance_load" });
    const sizes = Object.values(agent_assignments).map((ids) => ids.length);
    expect(sizes.sort()).toEqual([1, 5]);
  });

  it("balance_load and maximize_throughput differ: when an agent comes free is no load", async () => {
    const tasks = ["t1", "t2", "t3", "t4"].map((id) => task(id, "ab", 10));
    const document = { agents: agents({}, { available_from_ms: 100 }), tasks };
    const sizes = async (strategy: "balance_load" | "maximize_throughput") => {
      const { agent_assignments } = await solveVerified(document, { strategy, loadLimit: "none" });
      return Object.values(agent_assignments).map((ids) => ids.length);
    };
    expect(await sizes("balance_load")).toEqual([2, 2]);
    expect(await sizes("maximize_throughput")).toEqual([4, 0]);
  });

  it("an agent with two slots does two tasks at a time", async () => {
    const tasks = ["t1", "t2", "t3", "t4"].map((id) => task(id, "a", 50));
    const makespan = async (slots: number) =>
      (await solveVerified({ agents: agents({ slots }), tasks }, { strategy: "maximize_throughput" })).expected
        .makespan_ms;
    expect([await makespan(1), await makespan(2), await makespan(4)]).toEqual([200, 100, 50]);
  });
});

describe("defect 6: rebalanced tasks kept their old times and overlapped", () => {
  it("whoever moves is timed anew, and no slot does two tasks at once", async () => {
    const on = {
      estimates: { a: estimate(40, { retries: 0 }), b: estimate(60, { retries: 0, success_probability: 0.8 }) },
    };
    const document = { agents: agents({}, {}), tasks: ["t1", "t2", "t3", "t4", "t5"].map((id) => task(id, "", 0, on)) };
    const result = await solveVerified(document, { strategy: "maximize_success", loadLimit: "none", now: NOW });
    expect(result.agent_assignments["a"]).toHaveLength(5);
    const { moves, planned } = AdaptiveScheduler.fromDocument(asInput(document), result).adjustForAgentLoad({
      loadBoundMs: 125,
    });
    expect(moves).toHaveLength(2);
    for (const agentId of ["a", "b"]) {
      const inOrder = planned.filter((own) => own.agentId === agentId).sort((x, y) => x.startMs - y.startMs);
      inOrder.forEach((own, k) => expect(own.startMs).toBe(k === 0 ? 0 : inOrder[k - 1]!.endMs));
    }
    const moved = planned.filter(({ agentId }) => agentId === "b").map(({ startMs, endMs }) => [startMs, endMs]);
    expect(moved.sort((x, y) => x[0]! - y[0]!)).toEqual([
      [0, 60],
      [60, 120],
    ]);
  });
});
