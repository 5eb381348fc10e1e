import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { noGateCounts, playGateRun } from "../../../benchmarks/gate-runs.js";
import { heuristicsFile } from "../../../fixtures/phase-files.js";
import type { Executor } from "../../../src/pipeline/execute/executor.js";
import { Phase19Harness } from "../../../src/pipeline/run/harness.js";
import { jsonLines, writeScratch } from "../files/scratch.js";

interface Deferral {
  readonly task_id: string;
  readonly wave: number;
  readonly final: boolean;
}

const succeeding: Executor = {
  name: "succeeding",
  execution: "simulated",
  time: "virtual",
  execute: () => Promise.resolve({ succeeded: true, durationMs: 10, confidenceDelta: 0.01 }),
};

/** Deferrals of a run of these tasks in which whatever runs succeeds, H16_004 allowed. */
async function deferralsOf(tasks: readonly object[], approved: readonly string[]): Promise<Deferral[]> {
  const root = writeScratch({
    "phase16/planned_tasks.jsonl": jsonLines(tasks),
    "phase16/heuristics.jsonl": heuristicsFile(),
    "phase18/multi_agent_summary.json": JSON.stringify({ total_agents: 2, success_rate: 0.95 }),
  });
  await new Phase19Harness({
    ...{ outputsDir: root, gate: "live", solver: "greedy", executor: succeeding, now: new Date(0) },
    ...{ approved, allowThresholdRelaxation: true },
  }).runPhase19();
  const text = readFileSync(join(root, "phase19/deferred_tasks.jsonl"), "utf8");
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Deferral);
}

const easy = (task_id: string, wave: number) => ({ task_id, wave, risk_level: "LOW", confidence: 0.9 });
const hard = (task_id: string, wave: number, more: object = {}) => ({
  ...{ task_id, wave, risk_level: "HIGH", confidence: 0.8 },
  ...more,
});

describe("the live gate over whole runs", () => {
  it("holds in 20 random runs: what it defers never runs, nothing is lost, the log says the rule", async () => {
    const counts = noGateCounts();
    const faults: string[] = [];
    for (let seed = 1; seed <= 20; seed++) faults.push(...(await playGateRun(seed, counts)));
    expect(faults).toEqual([]);
    expect(counts.heldByGate).toBeGreaterThan(50);
    expect(counts.heldByPlan).toBeGreaterThan(5);
    expect(counts.carriedOn).toBeGreaterThan(0);
    expect(counts.relaxedWaves).toBeGreaterThan(0);
    expect(counts.completed).toBeGreaterThan(30);
  });

  it("lowers the threshold for the wave after a good one, and not past a wave without outcomes", async () => {
    const refused = { ...easy("refused", 2), approval_status: "NEEDS_REVIEW" };
    const near = await deferralsOf([easy("a", 1), hard("h", 2)], ["h"]);
    expect(near).toEqual([]);
    const far = await deferralsOf([easy("a", 1), refused, hard("h", 3)], ["h"]);
    expect(far.map(({ task_id }) => task_id)).toEqual(["refused", "h"]);
  });

  it("carries on what a lowered threshold lets through, and nothing else", async () => {
    const rows = await deferralsOf(
      [
        easy("a", 1),
        hard("open", 1),
        hard("rounded", 1, { confidence: 0.7 - 1e-12 }),
        hard("status", 1, { approval_status: "DEFERRED" }),
        hard("unapproved", 1),
        hard("unsure", 1, { confidence: 0.6 }),
        easy("b", 2),
      ],
      ["open", "rounded", "status", "unsure"],
    );
    expect(rows.filter(({ final }) => !final).map(({ task_id }) => task_id)).toEqual(["open", "rounded"]);
    expect(rows.filter(({ final }) => final).map(({ task_id, wave }) => [task_id, wave])).toEqual([
      ["status", 1],
      ["unapproved", 1],
      ["unsure", 1],
    ]);
  });
});
