import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { heuristicsFile } from "../../../fixtures/phase-files.js";
import type { StateCompartment } from "../../../src/domain/schemas/learned-state.js";
import { solve } from "../../../src/planner/solve/solve.js";
import { evidenceFromDocument } from "../../../src/planner/prediction/evidence-document.js";
import { wholeEvidence } from "../../../src/planner/prediction/remember.js";
import { evaluateOutcomes } from "../../../src/pipeline/run/evaluate.js";
import { Phase19Harness } from "../../../src/pipeline/run/harness.js";
import type { RunOptions } from "../../../src/pipeline/run/options.js";
import { runRecorded } from "../../faces/cli/recorded-environment.js";
import { jsonLines, messageOf, writeScratch } from "../files/scratch.js";
import { luckOf, readJson, readRows, realExecutor, stateOf } from "./real-outcomes.js";

const NOW = new Date(Date.UTC(2026, 0, 1));
const AGENTS = ["agent_0", "agent_1", "agent_2"];
const RISKS = ["LOW", "LOW", "MEDIUM", "HIGH"];

/** Tasks of these waves, each pinned, so that the same things happen whatever is predicted. */
function tasksOf(waves: readonly number[], perWave = 7): object[] {
  return waves.flatMap((wave) =>
    Array.from({ length: perWave }, (_, k) => {
      const task_id = `w${wave}_t${k}`;
      const [sure] = luckOf(task_id);
      const risk_level = RISKS[k % RISKS.length]!;
      const confidence = risk_level === "HIGH" ? 0.95 : k % 3 === 0 ? 0.75 : 0.75 + Math.round(20 * sure) / 100;
      return { task_id, wave, risk_level, confidence, task_type: `type_${k % 2}`, pinned_agent: AGENTS[k % 3] };
    }),
  );
}

/** Rows of Phase 17, none of them a task of ours. */
const pastRow = (k: number) => ({
  task_id: `past_${k}`,
  ...{ wave: 1, status: k % 4 === 0 ? "failed" : "success", initial_confidence: 0.8, final_confidence: 0.82 },
  ...{ confidence_delta: 0.02, execution_time_ms: 40 + k, attempts: 1, heuristics_applied: ["H16_001"] },
  ...{ error_message: null, timestamp: `2026-01-01T00:00:${10 + k}Z` },
});
const pastOf = (agent: string, k: number) => ({
  ...{ task_id: `own_${agent}_${k}`, agent_id: agent, wave: 1, status: k % 5 === 0 ? "failed" : "success" },
  ...{ confidence_before: 0.8, confidence_after: 0.82, confidence_delta: 0.02, execution_time_ms: 30 + k, attempts: 2 },
  ...{ heuristics_applied: [], error_message: null, timestamp: `2026-01-01T01:00:${10 + k}Z`, risk_level: "LOW" },
});

const performanceOf = (applications: number, successes: number) => ({
  ...{ applications, successes, failures: applications - successes, success_rate: successes / applications },
  ...{ total_confidence_delta: 0.1, avg_confidence_delta: 0.1 / applications },
});

function inputs(tasks: readonly object[]): string {
  const performance = { H16_001: performanceOf(8, 6), H16_003: performanceOf(4, 1) };
  return writeScratch({
    "phase16/planned_tasks.jsonl": jsonLines(tasks),
    "phase16/heuristics.jsonl": heuristicsFile(),
    "phase17/execution_outcomes.jsonl": jsonLines(Array.from({ length: 8 }, (_, k) => pastRow(k))),
    "phase17/heuristic_performance.json": JSON.stringify(performance),
    "phase18/multi_agent_summary.json": JSON.stringify({ total_agents: 3, success_rate: 0.85 }),
    "phase18/wave_1/agent_0/task_outcomes.jsonl": jsonLines([0, 1, 2, 3].map((k) => pastOf("agent_0", k))),
  });
}

function runLive(root: string, tasks: readonly object[], more: RunOptions = {}) {
  const approved = (tasks as { task_id: string; risk_level: string }[])
    .filter(({ risk_level }) => risk_level === "HIGH")
    .map(({ task_id }) => task_id);
  const standard = { outputsDir: root, live: true, executor: realExecutor(), solver: "greedy", now: NOW } as const;
  return new Phase19Harness({ ...standard, reassignment: false, approved, ...more }).runPhase19();
}

const runSimulated = (root: string, more: RunOptions = {}) =>
  new Phase19Harness({ outputsDir: root, solver: "greedy", now: NOW, ...more }).runPhase19();

/** Where two values differ by more than the rounding of sums taken in another order. */
function differences(actual: unknown, expected: unknown, place = "state"): string[] {
  if (typeof expected === "number" && typeof actual === "number") {
    const distance = Math.abs(actual - expected) / Math.max(1, Math.abs(expected));
    return distance <= 1e-9 ? [] : [`${place}: ${actual}, not ${expected}`];
  }
  if (typeof expected !== "object" || expected === null) return actual === expected ? [] : [`${place}: not the same`];
  if (typeof actual !== "object" || actual === null) return [`${place}: missing`];
  if (Object.keys(actual).join() !== Object.keys(expected).join()) return [`${place}: other keys`];
  return Object.entries(expected).flatMap(([key, value]) =>
    differences((actual as Record<string, unknown>)[key], value, `${place}.${key}`),
  );
}

const evidenceOf = ({ outcomes, evidence, recent, heuristic_performance }: StateCompartment) => ({
  ...{ outcomes, evidence, recent, heuristic_performance },
});
const numTrials = (compartment: StateCompartment): number =>
  evidenceFromDocument(wholeEvidence(compartment)).reduce(
    (sum, { trials }) => sum + trials.reduce((own, { count }) => own + count, 0),
    0,
  );

describe("what real runs teach", () => {
  it("is the same in two runs one after the other as in one run of both", async () => {
    const [first, second] = [tasksOf([1, 2]), tasksOf([3, 4])];
    const [whole, half, rest] = [inputs([...first, ...second]), inputs(first), inputs(second)];
    await runLive(whole, [...first, ...second]);
    await runLive(half, first);
    await runLive(rest, second, { stateFile: join(half, "phase19/learned_state.json") });
    const [one, two] = [stateOf(whole), stateOf(rest)];
    expect(one.real.outcomes).toBe(28 + 12);
    expect(numTrials(one.real)).toBeGreaterThan(numTrials(stateOf(half).real) + 14);
    expect(differences(evidenceOf(two.real), evidenceOf(one.real))).toEqual([]);
    expect(two.runs.map(({ outcomes }) => outcomes)).toEqual([14, 14]);
    expect(two.files).toEqual(expect.arrayContaining(one.files));
    expect(two.simulated.outcomes).toBe(0);
    // The state the second began with is untouched, and its history was not learned again.
    expect(stateOf(rest, "state_before.json")).toEqual(stateOf(half));
  });

  it("goes on in place: the second run starts from the state of the directory it replaces", async () => {
    const [first, second] = [tasksOf([1, 2]), tasksOf([3, 4])];
    const whole = inputs([...first, ...second]);
    const place = inputs(first);
    const later = join(inputs(second), "phase16/planned_tasks.jsonl");
    await runLive(whole, [...first, ...second]);
    await runLive(place, first);
    await runLive(place, second, { tasksFile: later });
    expect(differences(evidenceOf(stateOf(place).real), evidenceOf(stateOf(whole).real))).toEqual([]);
  });

  it("moves weights one step a run, by what was measured", async () => {
    const tasks = tasksOf([1, 2]);
    const root = inputs(tasks);
    await runLive(root, tasks, { executor: realExecutor((_, result) => ({ ...result, succeeded: false })) });
    const { heuristic_weights: weights, heuristic_performance: counts } = stateOf(root).real;
    expect(counts["H16_003"]!.applications).toBeGreaterThan(4);
    // The history's 6 of 8 moved nothing, its 1 of 4 one step down; the run, in which all failed, one more each.
    expect(weights).toMatchObject({ H16_001: 0.95, H16_003: 0.9 });
    expect(readJson(root, "phase19/heuristic_weights.json")).toMatchObject(weights);
  });

  it("is not learned a second time: such a run is refused before any task is run", async () => {
    const tasks = tasksOf([1]);
    const root = inputs(tasks);
    let numAttempts = 0;
    const executor = realExecutor((_, result) => (numAttempts++, result));
    const { runId } = await runLive(root, tasks, { executor });
    await runLive(root, tasks, { executor, seed: 2 });
    const done = numAttempts;
    const message = await messageOf(() => runLive(root, tasks, { executor }));
    expect(message).toContain(runId);
    expect(message).toContain("options.runId");
    expect(numAttempts).toBe(done);
    await expect(runLive(root, tasks, { executor, runId: "again" })).resolves.toMatchObject({ runId: "again" });
  });
});

describe("what evaluations teach", () => {
  it("is taught again where a wave is evaluated again under its name, and added under another", async () => {
    const tasks = Array.from({ length: 4 }, (_, k) => ({ task_id: `t${k}`, risk_level: "LOW", confidence: 0.8 }));
    const result = await solve(
      { agents: [{ agent_id: "a" }, { agent_id: "b" }], tasks },
      { strategy: "maximize_success", solver: "greedy" },
    );
    const outcome = (status: string) =>
      jsonLines(
        result.schedule.map(({ task_id, agent_id }) => ({
          ...{ task_id, agent_id, wave: 1, status, attempts: 1, risk_level: "LOW", confidence_before: 0.8 },
        })),
      );
    const root = writeScratch({
      "one/task_outcomes.jsonl": outcome("success"),
      "two/task_outcomes.jsonl": outcome("failed"),
    });
    const evaluate = (outcomes: string, runId: string) =>
      evaluateOutcomes(result, {
        ...{ outcomes: join(root, outcomes), outputsDir: root, stateFile: join(root, "state.json"), runId, now: NOW },
      });
    await evaluate("one", "first");
    expect(readJson(root, "state.json")).toMatchObject({ real: { outcomes: 4 }, runs: [{ run_id: "first" }] });
    const first = readFileSync(join(root, "state.json"), "utf8");
    await evaluate("two", "first");
    expect(readJson(root, "state.json")).toMatchObject({ real: { outcomes: 4 }, runs: [{ run_id: "first" }] });
    await evaluate("one", "first");
    expect(readFileSync(join(root, "state.json"), "utf8")).toBe(first);
    await evaluate("two", "second");
    expect(readJson(root, "state.json")).toMatchObject({ real: { outcomes: 8 } });
  });
});

describe("what history teaches", () => {
  const words = (root: string, ...more: string[]): string[] => [
    ...["run", "--outputs", root, "--solver", "greedy", "--now", NOW.toISOString(), "--quiet", ...more],
  ];

  it("is learned once, and a file that grew from its first new row", async () => {
    const root = inputs(tasksOf([1]));
    const run = async (...more: string[]) => {
      const { exitCode } = await runRecorded(words(root, ...more));
      expect(exitCode).toBe(0);
      return stateOf(root);
    };
    const first = await run();
    expect([first.real.outcomes, numTrials(first.real)]).toEqual([12, 16]);
    const second = await run("--seed", "2");
    expect(second.run_id).not.toBe(first.run_id);
    expect([second.real, second.files]).toEqual([first.real, first.files]);
    appendFileSync(join(root, "phase17/execution_outcomes.jsonl"), jsonLines([pastRow(9)]));
    const third = await run("--seed", "2");
    expect([third.real.outcomes, numTrials(third.real)]).toEqual([13, 17]);
    const grown = third.files.filter(({ name }) => name === "phase17/execution_outcomes.jsonl");
    expect(grown.map(({ rows }) => rows)).toEqual([8, 9]);
    expect(third.real.heuristic_weights).toEqual(first.real.heuristic_weights);
    expect(third.real.heuristic_performance).toEqual(first.real.heuristic_performance);
    // The same as one who saw the grown file at once.
    const fresh = stateOf(root);
    const late = inputs(tasksOf([1]));
    appendFileSync(join(late, "phase17/execution_outcomes.jsonl"), jsonLines([pastRow(9)]));
    await runRecorded(words(late));
    expect(differences(evidenceOf(fresh.real), evidenceOf(stateOf(late).real))).toEqual([]);
  });
});

describe("what simulated runs teach", () => {
  it("moves nothing real, and no later run", async () => {
    const tasks = tasksOf([1, 2, 3]);
    const [used, fresh] = [inputs(tasks), inputs(tasks)];
    await runSimulated(used, { strategy: "adaptive", seed: 5 });
    const first = stateOf(used);
    expect(first.real.outcomes).toBe(12);
    expect(first.simulated.outcomes).toBe(21);
    await runSimulated(used, { strategy: "adaptive", seed: 6 });
    const second = stateOf(used);
    expect([second.real, second.files, second.runs]).toEqual([first.real, first.files, []]);
    await runSimulated(used, { strategy: "adaptive", seed: 7 });
    await runSimulated(fresh, { strategy: "adaptive", seed: 7 });
    for (const wave of [1, 2, 3]) {
      for (const agent of AGENTS) {
        const planned = readRows(used, `phase19/wave_${wave}/${agent}/planned_tasks.jsonl`);
        expect(planned).toEqual(readRows(fresh, `phase19/wave_${wave}/${agent}/planned_tasks.jsonl`));
        expect(planned.length).toBeGreaterThan(0);
      }
    }
    expect(stateOf(used).simulated).toEqual(stateOf(fresh).simulated);
    const summaries = [used, fresh].map((root) => readJson<object>(root, "phase19/optimization_summary.json"));
    expect(summaries[0]).toEqual({ ...summaries[1], run_id: expect.any(String) as string });
  });

  it("moves the later waves of its own run, unless it is told not to", async () => {
    const tasks = tasksOf([1, 2]);
    const [on, off] = [inputs(tasks), inputs(tasks)];
    await runSimulated(on);
    await runSimulated(off, { learnBetweenWaves: false });
    const chances = (root: string, wave: number): unknown =>
      AGENTS.map((agent) =>
        readRows<Record<string, unknown>>(root, `phase19/wave_${wave}/${agent}/planned_tasks.jsonl`).map(
          (row) => row["predicted_success_probability"],
        ),
      );
    expect(chances(on, 1)).toEqual(chances(off, 1));
    expect(chances(on, 2)).not.toEqual(chances(off, 2));
    // What it brought is learned at its end all the same.
    expect(stateOf(off).simulated.outcomes).toBe(stateOf(on).simulated.outcomes);
  });
});
