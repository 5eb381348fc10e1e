import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Phase19Harness } from "../src/pipeline/run/harness.js";
import type { RunEvent } from "../src/pipeline/run/events.js";
import { writeGateCase } from "./gate-inputs.js";
import { type DecisionRow, type DeferralRow, type GateCounts, type GateEvidence, judgeGate } from "./gate-rule.js";

export function noGateCounts(): GateCounts {
  return { tasks: 0, completed: 0, failed: 0, heldByGate: 0, heldByPlan: 0, carriedOn: 0, relaxedWaves: 0 };
}

/** One random run under the live gate, in this process. @returns what is wrong with it, a line a fault */
export async function playGateRun(seed: number, counts: GateCounts): Promise<string[]> {
  const gateCase = writeGateCase(seed);
  const attempted = new Map<number, Set<string>>();
  const onEvent = (event: RunEvent): void => {
    if (event.event !== "attempt_ended") return;
    const ofWave = attempted.get(event.wave) ?? new Set();
    attempted.set(event.wave, ofWave.add(event.task_id));
  };
  try {
    await new Phase19Harness({ ...gateCase.options, onEvent }).runPhase19();
    const evidence = { attempted, ...readEvidence(join(gateCase.root, "phase19"), gateCase.waves) };
    return judgeGate(gateCase, evidence, counts).map((fault) => `seed ${seed}: ${fault}`);
  } finally {
    rmSync(gateCase.root, { recursive: true, force: true });
  }
}

interface FinalRow {
  readonly task_id: string;
  readonly status: string;
}

function readEvidence(directory: string, waves: readonly number[]): Omit<GateEvidence, "attempted"> {
  const ran = new Map<number, Map<string, string>>();
  for (const wave of waves) {
    const folder = join(directory, `wave_${wave}`);
    const agents = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const rows = agents.flatMap(({ name }) => readRows<FinalRow>(join(folder, name, "scheduled_tasks.jsonl")));
    ran.set(wave, new Map(rows.map(({ task_id, status }) => [task_id, status])));
  }
  return {
    ran,
    decisions: readRows<DecisionRow>(join(directory, "safety_gate_decisions.jsonl")),
    deferrals: readRows<DeferralRow>(join(directory, "deferred_tasks.jsonl")),
  };
}

function readRows<T>(file: string): T[] {
  const lines = readFileSync(file, "utf8").split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line) as T);
}
