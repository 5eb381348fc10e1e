import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { json, jsonl } from "../fixtures/files.js";
import { heuristicsFile } from "../fixtures/phase-files.js";
import { Random, round } from "../fixtures/random.js";
import type { RunOptions } from "../src/pipeline/run/options.js";

/** A row of a task file, as far as the gate and the plan care. */
export interface GateTaskRow {
  readonly task_id: string;
  readonly wave: number;
  readonly risk_level: string;
  readonly confidence: number;
  readonly approval_status?: string | null;
  readonly depends_on: readonly string[];
}

/** Small random inputs in which gate and plan both have something to hold back. */
export interface GateCase {
  /** A new scratch directory with the phases below it. */
  readonly root: string;
  /** Ascending by wave. */
  readonly tasks: readonly GateTaskRow[];
  readonly waves: readonly number[];
  readonly hasHeuristics: boolean;
  readonly options: RunOptions;
}

/** Most are LOW, so that waves end well enough for H16_004; the last three are no risk levels at all. */
const RISKS = ["LOW", "LOW", "LOW", "LOW", "MEDIUM", "MEDIUM", "HIGH", "HIGH", "HIGH", "CRITICAL", "low", "HIGH "];
const STATUSES = [undefined, null, "APPROVED", "APPROVED", "APPROVED", "APPROVED"];
const OTHER_STATUSES = ["DEFERRED", "NEEDS_REVIEW", "REJECTED", "approved"];
const BOUNDS = [0.5, 0.7, 0.75, 0.9];
/** Around a bound: a clear step on either side, and what arithmetic leaves of it. */
const OFFSETS = [0, 0, 0.001, -0.001, 1e-12, -1e-12];

/** Writes the inputs of a seed. The caller removes `root`. */
export function writeGateCase(seed: number): GateCase {
  const random = new Random(seed);
  const root = mkdtempSync(join(tmpdir(), "phase19-gate-"));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const tasks = drawTasks(random);
  const waves = [...new Set(tasks.map(({ wave }) => wave))].sort((a, b) => a - b);
  const hasHeuristics = random.chance(0.75);
  write("phase16/planned_tasks.jsonl", jsonl(tasks));
  if (hasHeuristics) write("phase16/heuristics.jsonl", heuristicsFile());
  const agentIds = Array.from({ length: random.integer(1, 4) }, (_, k) => `agent_${k}`);
  if (random.chance(0.6)) write("phase18/agents.jsonl", jsonl(agentIds.map((id) => drawAgent(id, random))));
  const performance = agentIds.map((id) => [id, { success_rate: round(random.between(0.8, 0.99), 3) }]);
  write("phase18/multi_agent_summary.json", json({ agent_performance: Object.fromEntries(performance) as object }));
  return { root, tasks, waves, hasHeuristics, options: drawOptions(root, tasks, seed, random) };
}

function drawTasks(random: Random): GateTaskRow[] {
  const numWaves = random.integer(1, 4);
  const tasks: GateTaskRow[] = [];
  for (let wave = 1; wave <= numWaves; wave++) {
    for (let k = random.integer(1, 8); k > 0; k--) {
      const approval_status = random.chance(0.12) ? random.pick(OTHER_STATUSES) : random.pick(STATUSES);
      const depends_on = tasks.length > 0 && random.chance(0.2) ? [random.pick(tasks).task_id] : [];
      tasks.push({
        task_id: `task_${tasks.length}`,
        // Waves keep their numbers, gaps and all.
        wave: 3 * wave,
        risk_level: random.pick(RISKS),
        confidence: drawConfidence(random),
        ...(approval_status !== undefined && { approval_status }),
        depends_on,
        ...(random.chance(0.05) && { deadline_ms: 1 }),
        ...(random.chance(0.05) && { required_skills: ["a skill nobody has"] }),
      });
    }
  }
  return tasks;
}

function drawConfidence(random: Random): number {
  if (random.chance(0.5)) return random.pick(BOUNDS) + random.pick(OFFSETS);
  return round(random.between(random.chance(0.2) ? 0 : 0.7, 1), 3);
}

function drawAgent(agent_id: string, random: Random): object {
  return {
    agent_id,
    slots: random.integer(1, 2),
    ...(random.chance(0.4) && { max_tasks: random.integer(0, 3) }),
    ...(random.chance(0.3) && { capacity_ms: random.integer(0, 120) }),
  };
}

function drawOptions(root: string, tasks: readonly GateTaskRow[], seed: number, random: Random): RunOptions {
  const approved = tasks.filter(() => random.chance(0.5)).map(({ task_id }) => task_id);
  return {
    outputsDir: root,
    ...{ gate: "live", solver: "greedy", timeLimitMs: 2_000, seed, now: new Date(0) },
    approved,
    requireApproval: random.chance(0.3),
    allowThresholdRelaxation: random.chance(0.7),
  };
}
