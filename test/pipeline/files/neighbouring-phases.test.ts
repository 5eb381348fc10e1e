import { cpSync, existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadPhases } from "../../../src/pipeline/files/phases.js";
import { buildWaveProblem, listWaves } from "../../../src/pipeline/files/wave-problem.js";
import { writeScratch } from "./scratch.js";

const DATA = "../shared/data/phases";
const isAbsent = !existsSync(DATA);

function copyOf(phase: string): string {
  const root = writeScratch({ "phase18/multi_agent_summary.json": '{"total_agents": 4, "success_rate": 0.92}' });
  for (const name of [phase, "phase17"]) cpSync(join(DATA, name), join(root, name), { recursive: true });
  return root;
}

describe("files of the real neighbouring phases", () => {
  it.skipIf(isAbsent)("Phases 16 and 17 load without a skipped line or an unknown field", async () => {
    const root = copyOf("phase16");
    const phases = await loadPhases({
      phase16Dir: join(root, "phase16"),
      phase17Dir: join(root, "phase17"),
      phase18Dir: join(root, "phase18"),
    });
    expect(phases.report.skipped).toEqual([]);
    expect(phases.report.unknownFields).toEqual({ [join(root, "phase17/system_health.json")]: { weights: 1 } });
    expect(phases.agents.map(({ agentId }) => agentId)).toEqual(["agent_0", "agent_1", "agent_2", "agent_3"]);
    expect(listWaves(phases.tasks)).toEqual([1, 2, 3]);
    expect(phases.history.outcomes).toHaveLength(13);
    expect(phases.history.outcomes.every(({ riskLevel }) => riskLevel !== null)).toBe(true);
    expect(phases.heuristicPerformance?.H16_001).toMatchObject({ applications: 13, successes: 12 });
    expect(phases.heuristics).toMatchObject({
      boost: { riskLevels: ["MEDIUM"], from: 0.7, to: 0.75, amount: 0.05 },
      retry: { riskLevels: ["LOW", "MEDIUM"], maxAttempts: 3, confidencePenalty: -0.05 },
      relaxation: { successRateMin: 0.9, highRiskThreshold: 0.7 },
      unknownIds: [],
    });
    expect(phases.heuristics.priorityOrder).toHaveLength(5);
    const problem = buildWaveProblem(phases, { wave: 2 });
    expect(problem.tasks).toHaveLength(4);
    expect(problem.usesHistory).toBe(true);
  });

  it.skipIf(isAbsent)("Phase 14's task file loads with descending priorities and its dependencies", async () => {
    const root = copyOf("phase14");
    const phases = await loadPhases({
      phase16Dir: join(root, "phase14"),
      phase18Dir: join(root, "phase18"),
      priorityOrder: "descending",
    });
    expect(phases.heuristics.unknownIds).toEqual(["h_low_risk_priority", "h_high_confidence_selection"]);
    const exploration = phases.tasks.find(({ task }) => task.taskId === "wave1_exploration")!;
    expect(exploration.task.dependsOn).toEqual(["wave1_task1", "wave1_task2"]);
    expect(exploration.task.priority).toBe(3);
    expect(phases.report.unknownFields[join(root, "phase14/planned_tasks.jsonl")]).toMatchObject({
      title: 12,
      tool: 12,
    });
  });
});
