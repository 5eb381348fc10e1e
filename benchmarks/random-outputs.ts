import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { json, jsonl } from "../fixtures/files.js";
import { heuristicsFile } from "../fixtures/phase-files.js";
import { Random, round } from "../fixtures/random.js";

/** Size and kind of the files a random run reads. */
export interface RandomOutputs {
  readonly seed: number;
  readonly numWaves: number;
  readonly tasksPerWave: number;
  readonly numAgents: number;
  /** Share of tasks that wait for another task of their wave or an earlier one; default 0. */
  readonly dependentShare?: number;
  /** Tasks are pinned to the agents in turn; default: to none. */
  readonly isPinned?: boolean;
  /** Default: without Phase 16's heuristics. */
  readonly withHeuristics?: boolean;
}

const TYPES = ["code", "data", "docs", "test", "review"];
const RISKS = ["LOW", "LOW", "MEDIUM", "HIGH"];

/** Writes the files of Phases 16 and 18 below a new scratch directory. @returns the directory */
export function writeRandomOutputs(settings: RandomOutputs): string {
  const random = new Random(settings.seed);
  const root = mkdtempSync(join(tmpdir(), "phase19-random-"));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  write("phase16/planned_tasks.jsonl", jsonl(taskRows(settings, random)));
  if (settings.withHeuristics === true) write("phase16/heuristics.jsonl", heuristicsFile());
  const agents = Array.from({ length: settings.numAgents }, (_, k) => `agent_${k}`);
  const performance = agents.map((agentId) => [
    agentId,
    {
      success_rate: round(random.between(0.7, 0.95), 3),
      avg_execution_time_ms: Math.round(random.between(800, 3_000)),
    },
  ]);
  write("phase18/multi_agent_summary.json", json({ agent_performance: Object.fromEntries(performance) as object }, 3));
  return root;
}

function taskRows(settings: RandomOutputs, random: Random): object[] {
  const { numWaves, tasksPerWave, numAgents, dependentShare = 0, isPinned = false } = settings;
  const rows: object[] = [];
  for (let wave = 1; wave <= numWaves; wave++) {
    for (let k = 0; k < tasksPerWave; k++) {
      const earlier = rows.length === 0 ? [] : [`task_${random.integer(0, rows.length - 1)}`];
      rows.push({
        task_id: `task_${rows.length}`,
        wave,
        risk_level: RISKS[random.integer(0, RISKS.length - 1)]!,
        confidence: round(random.between(0.4, 0.99), 3),
        priority: k + 1,
        task_type: TYPES[random.integer(0, TYPES.length - 1)]!,
        ...(random.between(0, 1) < dependentShare && { depends_on: earlier }),
        ...(isPinned && { pinned_agent: `agent_${k % numAgents}` }),
      });
    }
  }
  return rows;
}
