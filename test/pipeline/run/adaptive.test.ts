import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { GoalWeights, StrategyName } from "../../../src/domain/problem.js";
import { EMPTY_STATE, type StateCompartment } from "../../../src/domain/schemas/learned-state.js";
import type { Executor } from "../../../src/pipeline/execute/executor.js";
import { armKey } from "../../../src/pipeline/learn/strategy-rewards.js";
import { learnedStateText } from "../../../src/pipeline/files/learned-state.js";
import { Phase19Harness } from "../../../src/pipeline/run/harness.js";
import type { RunOptions } from "../../../src/pipeline/run/options.js";
import { runRecorded } from "../../faces/cli/recorded-environment.js";
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
function stateFile(root: string, means: Partial<Record<StrategyName, number>>, mission: GoalWeights): string {
  const rewards: StateCompartment["strategies"] = Object.fromEntries(
    Object.entries(means).map(([name, mean_reward]) => [
      armKey(name as StrategyName, mission),
      { waves: 10_000, mean_reward, squares: 1 },
    ]),
  );
  const file = join(root, "state.json");
  writeFileSync(file, learnedStateText({ ...EMPTY_STATE, real: { ...EMPTY_STATE.real, strategies: rewards } }));
  return file;
}

describe("--strategy adaptive", () => {
  it("chooses by the reward expected, and says so with the numbers", async () => {
    const root = inputs(2, 6);
    const weights = { success: 2, throughput: 1 };
    const means = { mix: 0.52, maximize_success: 0.51, maximize_throughput: 0.55 };
    const [first, second] = await choicesOf(root, { stateFile: stateFile(root, means, weights), weights });
    expect(first).toMatchObject({
      ...{ wave: 1, subject: "maximize_throughput" },
      reason: "expected reward 0.550 ± 0.000 (over 10000 waves), the highest of 3 candidates.",
      input: { "mix.waves": 10_000, "mix.left_out": false },
    });
    expect(second!.subject).toBe("maximize_throughput");
    expect(readJson(root, "phase19/wave_1/wave_summary.json")).toMatchObject({
      ...{ strategy: "maximize_throughput", strategy_reason: first!.reason },
    });
    // Under another mission those rewards say nothing.
    const other = await choicesOf(root, {
      stateFile: stateFile(root, means, weights),
      weights: { success: 1, cost: 1 },
    });
    expect(other[0]!.subject).toBe("mix");
  });

  it("begins with the mission's own mix, on the command line too", async () => {
    const root = inputs(1, 6);
    const words = ["run", "--outputs", root, "--strategy", "adaptive", "--weights", "throughput=1,success=1"];
    const { exitCode } = await runRecorded([...words, "--solver", "greedy", "--now", NOW.toISOString(), "--quiet"]);
    expect(exitCode).toBe(0);
    const [choice] = readChoices(root);
    expect(choice).toMatchObject({ subject: "mix", reason: expect.stringContaining("it has not run yet") });
  });

  it("goes by what its own waves achieved, and forgets it after a simulated run", async () => {
    const root = inputs(3, 6);
    const options = { executor: slow(6), weights: { success: 0.1, throughput: 0.9 }, learnBetweenWaves: true };
    const choices = await choicesOf(root, options);
    // Everything takes six times as long as promised, so each disappoints in turn.
    expect(strategiesOf(choices)).toEqual(["mix", "maximize_throughput", "maximize_success"]);
    const [again] = await choicesOf(root, { ...options, seed: 2 });
    expect(again!.reason).toContain("it has not run yet");
    const { simulated, real } = stateOf(root);
    expect(Object.values(simulated.strategies).map(({ waves }) => waves)).toEqual([1, 1, 1]);
    expect(real.strategies).toEqual({});
  });

  it("leaves a strategy that the monitor sees failing its goal, says why, and lets it try again", async () => {
    const root = inputs(8);
    const weights = { throughput: 1 };
    const both = { throughput: 0.9, success: 0.1 };
    const means = { mix: 0.1, maximize_success: 0.1, maximize_throughput: 0.9 };
    // What is planned follows nothing, so that the goal is missed again and again.
    const options = {
      executor: slow(6),
      weights: both,
      stateFile: stateFile(root, means, both),
      learnBetweenWaves: false,
    };
    const choices = await choicesOf(root, options);
    const strategies = strategiesOf(choices);
    const switched = strategies.findIndex((name) => name !== "maximize_throughput");
    expect(switched).toBeGreaterThan(0);
    expect(choices[switched]!.reason).toMatch(
      /left out for failing its goal: maximize_throughput \(maximize_throughput reached \d+ % of what it planned for its goal \([a-z ]+\) over \d+ tasks\)\.$/,
    );
    expect(strategies.slice(switched, switched + 3)).not.toContain("maximize_throughput");
    expect(strategies[switched + 3]).toBe("maximize_throughput");
    // In a world that keeps its word it stays.
    const steady = await choicesOf(inputs(5), { executor: slow(1), weights });
    expect(new Set(strategiesOf(steady))).toEqual(new Set(["maximize_throughput"]));
  });
});
