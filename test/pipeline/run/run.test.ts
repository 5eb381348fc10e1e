import { appendFileSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EMPTY_STATE, type LearnedStateDocument } from "../../../src/domain/schemas/learned-state.js";
import type { Phase19Summary } from "../../../src/domain/schemas/phase19-summary.js";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import type { RunOptions } from "../../../src/pipeline/run/options.js";
import type { RunOutcome } from "../../../src/pipeline/run/outcome.js";
import { messageOf, writeScratch } from "../files/scratch.js";
import { checkOutputs } from "../../support/check-outputs.js";
import {
  copyFixture,
  readJson,
  readLines,
  readTree,
  runIn,
  ScriptedExecutor,
  type Row,
} from "../../support/pipeline-runs.js";
import { readAsPhase20 } from "../../support/read-as-phase-20.js";
import { readAsPhase25 } from "../../support/read-as-phase-25.js";

afterAll(closeSolvers);

const NEIGHBOURS = "../shared/data/phases";
const FEEDBACK = ["phase16/phase19_feedback.jsonl", "phase18/phase19_feedback.jsonl"] as const;

const QUICK: RunOptions = { solver: "greedy", numWaves: 1 };

/** What Phases 20 and 25 make of a run, and that all files of the contract are there and agree. */
function expectReadable({ outDir, summary }: RunOutcome): void {
  expect(checkOutputs(outDir)).toEqual([]);
  const view = readAsPhase20(outDir);
  expect(view.metrics.size).toBe(5);
  expect(view.accuracy).toBeGreaterThanOrEqual(0);
  expect(view.accuracy).toBeLessThanOrEqual(1);
  const board = readAsPhase25(outDir);
  expect(board.health).toBe(summary!.health_metrics.health.overall_health_score);
  expect(board.numWaves).toBe(summary!.waves_optimized);
  expect(board.optimizations.length).toBeGreaterThan(0);
}

const stateOf = (outDir: string, name: "learned_state.json" | "state_before.json") =>
  readJson<LearnedStateDocument>(outDir, name);

function inputOf(outDir: string, file: string): Phase19Summary["inputs"]["files"][number] {
  return readJson<Phase19Summary>(outDir, "phase19_summary.json").inputs.files.find((input) => input.file === file)!;
}

/** One more outcome at the end of Phase 17's file. */
function appendOutcome(root: string): void {
  const file = join(root, "phase17/execution_outcomes.jsonl");
  const [first] = readLines(file);
  const row: Row = { ...first, task_id: "wave1_task12", status: "success", timestamp: "2026-02-01T00:00:00.000Z" };
  appendFileSync(file, `${JSON.stringify(row)}\n`);
}

describe("a run, as the next phases read it", () => {
  it.each(["demo", "sparse"] as const)("%s, proven optimal: every file, one final row a task", async (name) => {
    const outcome = await runIn(copyFixture(name));
    expectReadable(outcome);
    expect(outcome.waves.every(({ termination }) => termination === "optimal")).toBe(true);
    const { completed, failed, total } = outcome.summary!.tasks;
    expect(completed + failed).toBe(total);
    expect(readAsPhase20(outcome.outDir).tasks.size).toBe(total);
  });

  it("fleet, by the quick solver", async () => {
    const outcome = await runIn(copyFixture("fleet"), { solver: "greedy", numWaves: 2 });
    expectReadable(outcome);
    expect(outcome.waves.map(({ total_tasks }) => total_tasks)).toEqual([80, 80]);
  });

  it.skipIf(!existsSync(NEIGHBOURS))("the real Phases 16 and 17, with a Phase 18 made for it", async () => {
    const root = writeScratch({
      "phase18/multi_agent_summary.json": '{"total_agents": 4, "success_rate": 0.92, "retry_rate": 0.08}',
    });
    for (const phase of ["phase16", "phase17"]) cpSync(join(NEIGHBOURS, phase), join(root, phase), { recursive: true });
    const kept = readFileSync(join(root, FEEDBACK[0]), "utf8");
    const outcome = await runIn(root);
    expectReadable(outcome);
    expect(readAsPhase20(outcome.outDir).tasks.size).toBe(outcome.summary!.tasks.total);
    expect(outcome.summary!.inputs.skipped).toEqual([]);
    // The rows of the version before stay as they are.
    expect(readFileSync(join(root, FEEDBACK[0]), "utf8").startsWith(kept.trimEnd())).toBe(true);
  });
});

describe("a run repeated", () => {
  let root: string;
  let first: RunOutcome;
  let tree: Map<string, string>;
  beforeAll(async () => {
    root = copyFixture("demo");
    first = await runIn(root, { solver: "greedy" });
    tree = readTree(root);
  });

  it("leaves the same bytes, and one feedback row a phase", async () => {
    const again = await runIn(root, { solver: "greedy" });
    expect(again.runId).toBe(first.runId);
    expect([...readTree(root).keys()]).toEqual([...tree.keys()]);
    expect(readTree(root)).toEqual(tree);
    for (const file of FEEDBACK) expect(readLines(root, file).map(({ run_id }) => run_id)).toEqual([first.runId]);
  });

  it("leaves the same bytes elsewhere too", async () => {
    const outDir = join(writeScratch({}), "elsewhere");
    await runIn(copyFixture("demo"), { solver: "greedy", outDir });
    const there = readTree(outDir);
    const differing = [...there].filter(([path, text]) => tree.get(`phase19/${path}`) !== text).map(([path]) => path);
    // These two name where feedback went, relative to the output directory.
    expect(differing).toEqual(["phase19_summary.json", "summary.json"]);
  });

  it("is the same run where a default is named, in whatever order", async () => {
    const root = copyFixture("sparse");
    const plain = await runIn(root, QUICK);
    const named = await runIn(root, {
      seed: 1,
      strategy: "maximize_success",
      reassignment: true,
      approved: [],
      ...QUICK,
    });
    expect(named.runId).toBe(plain.runId);
    expect((await runIn(root, { ...QUICK, reassignment: false })).runId).not.toBe(plain.runId);
  });

  it("with another seed it is another run, with a row of its own", async () => {
    const other = await runIn(root, { solver: "greedy", seed: 2 });
    expect(other.runId).not.toBe(first.runId);
    expect(checkOutputs(other.outDir)).toEqual([]);
    for (const file of FEEDBACK) {
      expect(readLines(root, file).map(({ run_id }) => run_id)).toEqual([first.runId, other.runId]);
    }
    // Back again: the first run is no longer in place, so it starts from what the second one knows.
    const back = await runIn(root, { solver: "greedy" });
    expect(back.runId).toBe(first.runId);
    expect(stateOf(back.outDir, "state_before.json").run_id).toBe(other.runId);
    for (const file of FEEDBACK) expect(readLines(root, file)).toHaveLength(2);
  });

  it("with one wave less it leaves no folder of the run before", async () => {
    const fewer = await runIn(root, { solver: "greedy", numWaves: 2 });
    expect(existsSync(join(fewer.outDir, "wave_2"))).toBe(true);
    expect(existsSync(join(fewer.outDir, "wave_3"))).toBe(false);
    expect(checkOutputs(fewer.outDir)).toEqual([]);
  });
});

describe("a run with new input", () => {
  it("starts from the state after the run before: known rows are read and not learned again", async () => {
    const root = copyFixture("demo");
    const { outDir, runId } = await runIn(root, QUICK);
    const before = stateOf(outDir, "learned_state.json");
    const rows = inputOf(outDir, "phase17/execution_outcomes.jsonl").rows;
    expect(inputOf(outDir, "phase17/execution_outcomes.jsonl").known_rows).toBe(0);

    appendOutcome(root);
    mkdirSync(join(root, "phase18/wave_4/agent_0"), { recursive: true });
    const [past] = readLines(root, "phase18/wave_1/agent_0/task_outcomes.jsonl");
    const fresh = { ...past, task_id: "past_w4_agent_0_01", wave: 4, timestamp: "2026-02-01T00:00:00.000Z" };
    writeFileSync(join(root, "phase18/wave_4/agent_0/task_outcomes.jsonl"), `${JSON.stringify(fresh)}\n`);

    const second = await runIn(root, QUICK);
    expect(second.runId).not.toBe(runId);
    expect(readFileSync(join(outDir, "state_before.json"), "utf8")).toContain(`"run_id": "${runId}"`);
    expect(stateOf(outDir, "state_before.json")).toEqual(before);
    expect(inputOf(outDir, "phase17/execution_outcomes.jsonl")).toMatchObject({ rows: rows + 1, known_rows: rows });
    const after = stateOf(outDir, "learned_state.json");
    expect(after.real.outcomes).toBe(before.real.outcomes + 2);
    expect(after.real.heuristic_weights).toEqual(before.real.heuristic_weights);
    expect(after.real.heuristic_performance).toEqual(before.real.heuristic_performance);
  });

  it("ends with the real evidence of a run that sees everything at once", async () => {
    const grown = copyFixture("demo");
    await runIn(grown, QUICK);
    appendOutcome(grown);
    const { outDir } = await runIn(grown, QUICK);
    const atOnce = copyFixture("demo");
    appendOutcome(atOnce);
    const other = await runIn(atOnce, QUICK);
    const [a, b] = [stateOf(outDir, "learned_state.json"), stateOf(other.outDir, "learned_state.json")];
    expect(a.real.outcomes).toBe(b.real.outcomes);
    expect(a.real.evidence).toEqual(b.real.evidence);
  });

  it("starts from nothing when asked to", async () => {
    const root = copyFixture("demo");
    const { outDir } = await runIn(root, QUICK);
    appendOutcome(root);
    await runIn(root, { ...QUICK, fresh: true });
    expect(stateOf(outDir, "state_before.json")).toEqual(EMPTY_STATE);
    expect(inputOf(outDir, "phase17/execution_outcomes.jsonl").known_rows).toBe(0);
    const untouched = copyFixture("demo");
    appendOutcome(untouched);
    const clean = await runIn(untouched, { ...QUICK, fresh: true });
    expect(readTree(outDir)).toEqual(readTree(clean.outDir));
  });

  it("starts from a state file that is named, and only reads it", async () => {
    const root = copyFixture("demo");
    const { outDir, runId } = await runIn(root, QUICK);
    const stateFile = join(writeScratch({}), "state.json");
    cpSync(join(outDir, "learned_state.json"), stateFile);
    const text = readFileSync(stateFile, "utf8");
    const elsewhere = copyFixture("demo");
    const given = await runIn(elsewhere, { ...QUICK, stateFile });
    expect(given.runId).not.toBe(runId);
    expect(readFileSync(stateFile, "utf8")).toBe(text);
    expect(stateOf(given.outDir, "state_before.json")).toEqual(JSON.parse(text));
    const { real } = stateOf(given.outDir, "learned_state.json");
    expect(real).toEqual(stateOf(outDir, "learned_state.json").real);
    const absent = join(elsewhere, "no-state.json");
    expect(await messageOf(() => runIn(elsewhere, { stateFile: absent }))).toContain("no-state.json cannot be read");
  });

  it("is refused where it was done for real before and another run followed, before anything is executed", async () => {
    const root = copyFixture("sparse");
    const live = (options: RunOptions) =>
      runIn(root, { ...QUICK, live: true, executor: new ScriptedExecutor(), ...options });
    const { runId, outDir } = await live({});
    expect((await live({})).runId).toBe(runId);
    await live({ seed: 2 });
    const tree = readTree(root);
    const executor = new ScriptedExecutor();
    expect(await messageOf(() => live({ executor }))).toContain(`run ${runId} are in the learned state already`);
    expect(executor.requests).toEqual([]);
    expect(readTree(root)).toEqual(tree);
    await live({ executor, runId: "once-more" });
    const { runs, real } = stateOf(outDir, "learned_state.json");
    expect(runs.map(({ outcomes }) => outcomes)).toEqual([6, 6, 6]);
    expect(real.outcomes).toBe(18);
  });
});
