import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { StrategyName } from "../../src/domain/problem.js";
import { EMPTY_STATE, type StateCompartment } from "../../src/domain/schemas/learned-state.js";
import type { Executor } from "../../src/execution/index.js";
import { learnedStateText } from "../../src/files/index.js";
import { Phase19Harness, type RunOptions } from "../../src/pipeline/index.js";
import { runRecorded } from "../cli/recorded-environment.js";
import { jsonLines, writeScratch } from "../files/scratch.js";
import { readJson, readRows, stateOf } from "./real-outcomes.js";

const NOW = new Date(Date.UTC(2026, 0, 1));

interface Choice {
  readonly wave: number;
  readonly subject: StrategyName;
  readonly reason: string;
}

/** Inputs of LOW tasks on three agents. */
function inputs(numWaves: number, perWave = 12): string {
  const tasks = Array.from({ length: numWaves * perWave }, (_, k) => ({
    ...{ task_id: `task_${k}`, wave: 1 + Math.floor(k / perWave), risk_level: "LOW" },
    confidence: 0.7 + (k % 5) / 20,
  }));
  const summary = {
    agent_performance: { a: { success_rate: 0.9 }, b: { success_rate: 0.8 }, c: { success_rate: 0.7 } },
  };
  return writeScratch({
    "phase16/planned_tasks.jsonl": jsonLines(tasks),
    "phase18/multi_agent_summary.json": JSON.stringify({ ...summary, avg_execution_time_ms: 1_000 }),
  });
}

/** Whatever it runs succeeds, and takes so many times as long as predicted. */
const slow = (factor: number): Executor => ({
  ...{ name: `slow ${factor}`, execution: "simulated", time: "virtual" },
  execute: ({ expectedDurationMs }) =>
    Promise.resolve({ succeeded: true, durationMs: factor * expectedDurationMs, confidenceDelta: 0.02 }),
});

/** The strategies a run chose, from its own audit. */
async function choicesOf(root: string, options: RunOptions): Promise<Choice[]> {
  await new Phase19Harness({
    ...{ outputsDir: root, strategy: "adaptive", solver: "greedy", now: NOW },
    ...options,
  }).runPhase19();
  return readChoices(root);
}

function readChoices(root: string): Choice[] {
  const rows = readRows<Choice & { decision: string }>(root, "phase19/audit.jsonl");
  return rows.filter(({ decision }) => decision === "strategy_chosen");
}

const strategiesOf = (choices: readonly Choice[]): string[] => choices.map(({ subject }) => subject);

/** A state file with these rewards from real waves, so many of them that a few more hardly move the means. */
function stateFile(root: string, strategies: Partial<Record<StrategyName, number>>): string {
  const rewards: StateCompartment["strategies"] = Object.fromEntries(
    Object.entries(strategies).map(([name, mean_reward]) => [name, { waves: 10_000, mean_reward }]),
  );
  const file = join(root, "state.json");
  writeFileSync(file, learnedStateText({ ...EMPTY_STATE, real: { ...EMPTY_STATE.real, strategies: rewards } }));
  return file;
}

describe("--strategy adaptive", () => {
  it("chooses by weight × effectiveness, and says so with the numbers", async () => {
    const root = inputs(2, 6);
    const rewards = { maximize_success: 0.5, maximize_throughput: 0.9, minimize_retries: 1.9 };
    const [first, second] = await choicesOf(root, { stateFile: stateFile(root, rewards) });
    expect(first).toMatchObject({
      ...{ wave: 1, subject: "maximize_throughput" },
      reason: "weight 0.3 × effectiveness 0.900 (over 10000 waves) = 0.270, the highest of 4 candidates.",
    });
    expect(second!.subject).toBe("maximize_throughput");
    expect(readJson(root, "phase19/wave_1/wave_summary.json")).toMatchObject({
      ...{ strategy: "maximize_throughput", strategy_reason: first!.reason },
    });
    const better = await choicesOf(root, { stateFile: stateFile(root, { ...rewards, maximize_success: 0.56 }) });
    expect(strategiesOf(better)).toEqual(["maximize_success", "maximize_success"]);
    const weights = { retries: 1, throughput: 2 };
    const other = await choicesOf(root, { stateFile: stateFile(root, rewards), weights });
    expect(strategiesOf(other)).toEqual(["minimize_retries", "minimize_retries"]);
  });

  it("breaks ties for maximize_success, on the command line too", async () => {
    const root = inputs(1, 6);
    const words = ["run", "--outputs", root, "--strategy", "adaptive", "--weights", "throughput=1,success=1"];
    const { exitCode } = await runRecorded([...words, "--solver", "greedy", "--now", NOW.toISOString(), "--quiet"]);
    expect(exitCode).toBe(0);
    const [choice] = readChoices(root);
    expect(choice).toMatchObject({
      subject: "maximize_success",
      reason: "weight 1 × effectiveness 1.000 (it has not run yet) = 1.000, the highest of 2 candidates.",
    });
  });

  it("goes by what its own waves achieved, and forgets it after a simulated run", async () => {
    const root = inputs(3, 6);
    const options = { executor: slow(3), weights: { success: 0.5, throughput: 0.49 }, learnBetweenWaves: true };
    const choices = await choicesOf(root, options);
    expect(strategiesOf(choices)).toEqual(["maximize_success", "maximize_throughput", "maximize_success"]);
    const [again] = await choicesOf(root, { ...options, seed: 2 });
    expect(again!.reason).toContain("it has not run yet");
    const { simulated, real } = stateOf(root);
    expect(simulated.strategies).toMatchObject({ maximize_success: { waves: 2 }, maximize_throughput: { waves: 1 } });
    expect(real.strategies).toEqual({});
  });

  it("leaves a strategy that the monitor sees failing its goal, and says why", async () => {
    const root = inputs(5);
    const weights = { throughput: 0.9, success: 0.1 };
    const choices = await choicesOf(root, { executor: slow(6), weights });
    const strategies = strategiesOf(choices);
    const switched = strategies.indexOf("maximize_success");
    expect(switched).toBeGreaterThan(0);
    expect(strategies.slice(0, switched).every((name) => name === "maximize_throughput")).toBe(true);
    expect(strategies.slice(switched).every((name) => name === "maximize_success")).toBe(true);
    expect(choices[switched]!.reason).toMatch(
      /the only candidate; left out for failing its goal: maximize_throughput \(maximize_throughput reached \d+ % of what it planned for its goal \(throughput\) over \d+ tasks\)\.$/,
    );
    const anomalies = readRows<{ anomaly_id: string; affected_waves: number[] }>(root, "phase19/anomalies.jsonl");
    const failure = anomalies.find(({ anomaly_id }) => anomaly_id.includes("maximize_throughput_throughput"));
    expect(failure?.affected_waves).toEqual(choices.slice(0, switched).map(({ wave }) => wave));
    // In a world that keeps its word it stays.
    const steady = await choicesOf(inputs(5), { executor: slow(1), weights });
    expect(new Set(strategiesOf(steady))).toEqual(new Set(["maximize_throughput"]));
  });
});
