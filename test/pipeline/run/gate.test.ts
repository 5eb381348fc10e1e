import { afterAll, describe, expect, it } from "vitest";
import { heuristicsFile } from "../../../fixtures/phase-files.js";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { Phase19Harness } from "../../../src/pipeline/run/harness.js";
import type { RunOptions } from "../../../src/pipeline/run/options.js";
import type { RunOutcome } from "../../../src/pipeline/run/outcome.js";
import { messageOf } from "../files/scratch.js";
import { checkOutputs } from "../../support/check-outputs.js";
import {
  readAgentRows,
  readLines,
  readTree,
  runIn,
  ScriptedExecutor,
  smallInputs,
  type Row,
} from "../../support/pipeline-runs.js";

afterAll(closeSolvers);

interface GateRow {
  readonly task_id: string;
  readonly wave: number;
  readonly approval: string;
  readonly live_approval: string;
  readonly reason: string;
}

interface DeferredRow {
  readonly task_id: string;
  readonly wave: number;
  readonly stage: string;
  readonly reason: string;
  readonly final: boolean;
}

const gateOf = (outDir: string) => readLines<GateRow>(outDir, "safety_gate_decisions.jsonl");
const deferredIn = (outDir: string) => readLines<DeferredRow>(outDir, "deferred_tasks.jsonl");
const ranIn = (outDir: string): [string, number][] =>
  readAgentRows<{ task_id: string; wave: number }>(outDir, "scheduled_tasks.jsonl")
    .map(({ task_id, wave }): [string, number] => [task_id, wave])
    .sort();

/** A dry run under the live gate in which every attempt succeeds. */
async function runLive(tasks: readonly Row[], options: RunOptions = {}): Promise<RunOutcome> {
  const root = smallInputs(tasks, { "phase16/heuristics.jsonl": heuristicsFile() });
  const executor = new ScriptedExecutor(undefined, "simulated");
  const outcome = await runIn(root, { gate: "live", solver: "greedy", executor, ...options });
  expect(checkOutputs(outcome.outDir)).toEqual([]);
  return outcome;
}

const MIXED: readonly Row[] = [
  { task_id: "low", confidence: 0.5 },
  { task_id: "low_unsure", confidence: 0.49 },
  { task_id: "medium", risk_level: "MEDIUM", confidence: 0.75 },
  { task_id: "medium_unsure", risk_level: "MEDIUM", confidence: 0.74 },
  { task_id: "high", risk_level: "HIGH", confidence: 0.9 },
  { task_id: "high_unsure", risk_level: "HIGH", confidence: 0.89 },
  { task_id: "odd", risk_level: "critical", confidence: 1 },
  { task_id: "review", approval_status: "NEEDS_REVIEW", confidence: 1 },
];

describe("the gate in a run", () => {
  it("live: bounds are inclusive, HIGH needs an explicit approval, and what is held back is not run", async () => {
    const { outDir, summary } = await runLive(MIXED);
    expect(ranIn(outDir)).toEqual([
      ["low", 1],
      ["medium", 1],
    ]);
    expect(summary!.tasks).toMatchObject({ total: 8, completed: 2, deferred: 6 });
    expect(gateOf(outDir)).toHaveLength(8);
    expect(deferredIn(outDir).every(({ stage, final, reason }) => stage === "gate" && final && reason !== "")).toBe(
      true,
    );
    const approved = await runLive(MIXED, { approved: ["high", "high_unsure"] });
    expect(ranIn(approved.outDir)).toContainEqual(["high", 1]);
    expect(ranIn(approved.outDir)).not.toContainEqual(["high_unsure", 1]);
  });

  it("require-approval: MEDIUM tasks need to be named too", async () => {
    const without = await runLive(MIXED, { requireApproval: true });
    expect(ranIn(without.outDir)).toEqual([["low", 1]]);
    const named = await runLive(MIXED, { requireApproval: true, approved: ["medium", "medium_unsure"] });
    expect(ranIn(named.outDir)).toEqual([
      ["low", 1],
      ["medium", 1],
    ]);
  });

  it("rehearsing: runs all but unknown risks and other approval states, and says what the live gate would say", async () => {
    const { outDir } = await runLive(MIXED, { gate: "rehearse" });
    expect(ranIn(outDir).map(([taskId]) => taskId)).toEqual([
      "high",
      "high_unsure",
      "low",
      "low_unsure",
      "medium",
      "medium_unsure",
    ]);
    expect(deferredIn(outDir).map(({ task_id, reason }) => [task_id, reason])).toEqual([
      ["odd", 'Risk level "critical" is not one of LOW, MEDIUM, HIGH, so it is not guessed.'],
      ["review", 'Phase 16 gave it the status "NEEDS_REVIEW", not APPROVED.'],
    ]);
    const would = gateOf(outDir).filter(({ live_approval }) => live_approval === "approved");
    expect(would.map(({ task_id }) => task_id)).toEqual(["low", "medium"]);
    const held = gateOf(outDir).find(({ task_id }) => task_id === "low_unsure")!;
    expect(held).toMatchObject({ approval: "approved", live_approval: "deferred" });
    expect(held.reason).toContain("the live gate would defer it");
  });
});

describe("H16_004 across waves", () => {
  const tasks: readonly Row[] = [
    ...["a", "b", "c"].map((task_id) => ({ task_id })),
    { task_id: "risky", risk_level: "HIGH", confidence: 0.8 },
    { task_id: "d", wave: 2 },
  ];

  it("lets an approved HIGH task through after a good wave, where that is allowed", async () => {
    const { outDir } = await runLive(tasks, { approved: ["risky"], allowThresholdRelaxation: true });
    expect(ranIn(outDir)).toContainEqual(["risky", 2]);
    expect(deferredIn(outDir)).toMatchObject([{ task_id: "risky", wave: 1, stage: "gate", final: false }]);
    const rows = gateOf(outDir).filter(({ task_id }) => task_id === "risky");
    expect(rows.map(({ wave, approval }) => [wave, approval])).toEqual([
      [1, "deferred"],
      [2, "approved"],
    ]);
    expect(rows[1]!.reason).toContain("H16_004");
    expect(readTree(outDir).get("PHASE_19_AUTONOMOUS_OPTIMIZATION.md")).toContain("H16_004");
  });

  it.each<[string, RunOptions]>([
    ["without the flag", { approved: ["risky"] }],
    ["without an approval", { allowThresholdRelaxation: true }],
  ])("holds it back %s, for good and at once", async (_, options) => {
    const { outDir } = await runLive(tasks, options);
    expect(ranIn(outDir).map(([taskId]) => taskId)).toEqual(["a", "b", "c", "d"]);
    expect(deferredIn(outDir)).toMatchObject([{ task_id: "risky", wave: 1, final: true }]);
  });

  it("holds it back after a wave with less than 90 % success", async () => {
    const executor = new ScriptedExecutor(({ taskId }) => ({ succeeded: taskId !== "c" }), "simulated");
    const options = { approved: ["risky"], allowThresholdRelaxation: true, executor };
    const { outDir } = await runLive(tasks, options);
    expect(ranIn(outDir).map(([taskId]) => taskId)).toEqual(["a", "b", "c", "d"]);
    expect(deferredIn(outDir).at(-1)).toMatchObject({ task_id: "risky", stage: "gate", final: true });
  });
});

describe("deferrals from wave to wave", () => {
  it("a task that waits for one held back goes where that one goes", async () => {
    const { outDir, summary } = await runLive([
      { task_id: "gate", risk_level: "HIGH", confidence: 0.95 },
      { task_id: "next", depends_on: ["gate"] },
      { task_id: "after", wave: 2, depends_on: ["next"] },
      { task_id: "free", wave: 2 },
    ]);
    expect(ranIn(outDir)).toEqual([["free", 2]]);
    expect(summary!.tasks).toMatchObject({ total: 4, completed: 1, deferred: 3 });
    expect(
      deferredIn(outDir)
        .filter(({ final }) => final)
        .map(({ task_id }) => task_id)
        .sort(),
    ).toEqual(["after", "gate", "next"]);
  });

  it("a failed predecessor takes with it what waits, in its wave and the next", async () => {
    const executor = new ScriptedExecutor(({ taskId }) => ({ succeeded: taskId !== "first" }), "simulated");
    const tasks = [
      { task_id: "first" },
      { task_id: "second", depends_on: ["first"] },
      { task_id: "third", wave: 2, depends_on: ["second"] },
    ];
    const { outDir } = await runLive([...tasks, { task_id: "fourth", wave: 2 }], { executor });
    expect(ranIn(outDir)).toEqual([
      ["first", 1],
      ["fourth", 2],
    ]);
    expect(deferredIn(outDir).map(({ task_id, stage, final }) => [task_id, stage, final])).toEqual([
      ["second", "execution", true],
      ["third", "plan", true],
    ]);
    expect(executor.requests.map(({ taskId }) => taskId)).not.toContain("second");
  });
});

describe("options no run could mean", () => {
  const refusal = (options: object) => messageOf(() => new Phase19Harness(options as RunOptions));
  const real = new ScriptedExecutor();

  it("names the option and what is nearest", async () => {
    expect(await refusal({ outputDir: "x" })).toMatch(/"outputDir" is not an option.*"?outputsDir/);
    expect(await refusal({ strategy: "maximise_success" })).toContain('"maximize_success"');
    expect(await refusal({ solver: "gplk" })).toContain("glpk");
    expect(await refusal({ fresh: "yes" })).toContain("options.fresh");
    expect(await refusal({ runId: "../x" })).toContain("options.runId");
    expect(await refusal({ gate: "open" })).toContain("options.gate");
  });

  it("runs nothing for real in a dry run, and nothing simulated in a live one", async () => {
    expect(await refusal({ live: true })).toContain("executor");
    expect(await refusal({ live: true, executor: new ScriptedExecutor(undefined, "simulated") })).toContain("executor");
    expect(await refusal({ executor: real })).toContain("set live to true");
    expect(await refusal({ live: true, executor: real, gate: "rehearse" })).toContain("rehearse is for dry runs");
  });

  it("names the task nearest to an approval of none", async () => {
    const root = smallInputs([{ task_id: "task_one" }]);
    expect(await messageOf(() => runIn(root, { approved: ["task_on"] }))).toContain('"task_one"');
  });
});
