import { EMPTY_HISTORY, NO_HEURISTICS, type OutcomeRow } from "../../src/domain/history.js";
import { PLAIN_AGENT, PLAIN_PROBLEM, PLAIN_TASK, type Problem, RISK_LEVELS } from "../../src/domain/problem.js";
import { createRandom, type Random } from "../../src/domain/random.js";
import type { PlannedTaskRecord, WaveRecord } from "../../src/domain/run.js";
import { EMPTY_STATE, type LearnedStateDocument } from "../../src/domain/schemas/learned-state.js";
import { historyFor, learnHistory, learnWave } from "../../src/pipeline/learn/learn.js";
import { learnedStateText } from "../../src/pipeline/files/learned-state.js";
import { fillEstimates } from "../../src/planner/prediction/fill-estimates.js";
import { planWave, playWave } from "../../test/support/wave-records.js";
import { spreadOf, type Spread } from "../statistics.js";
import { phasesOf } from "./optimizer-policy.js";
import { CONFIDENCES } from "./truth.js";

const NUM_AGENTS = 100;
const NUM_TYPES = 50;
const NUM_TASKS = 1000;
/** Outcomes behind each agent × type × risk of the full state. */
const ROWS_PER_KIND = 4;
const REPEATS = 15;
const SEED = 19;

export interface Timings {
  /** Taking in a wave of 1,000 outcomes, milliseconds. */
  readonly update: Spread;
  /** State to estimates of 1,000 tasks × 100 agents, milliseconds. */
  readonly prediction: Spread;
  readonly stateBytes: number;
  /** Outcomes behind that state. */
  readonly outcomes: number;
}

/** Times on a state that knows 100 agents × 50 types, all risks, confidences over their whole range. */
export async function takeTimes(): Promise<Timings> {
  const random = createRandom(SEED);
  const rows = drawRows(random);
  const phases = phasesOf({ ...EMPTY_HISTORY, outcomes: rows });
  const state = learnHistory(EMPTY_STATE, phases, NO_HEURISTICS);
  const record = drawRecord(random);
  const problem = drawProblem(random);
  const update = await repeat(() => learnWave(state, record));
  const after: LearnedStateDocument = learnWave(state, record);
  const prediction = await repeat(() =>
    fillEstimates(problem, historyFor(phases, after, "real"), NO_HEURISTICS, { maxRetries: 2 }),
  );
  const stateBytes = Buffer.byteLength(learnedStateText(after));
  return { update, prediction, stateBytes, outcomes: rows.length + NUM_TASKS };
}

async function repeat(act: () => unknown): Promise<Spread> {
  const times: number[] = [];
  for (let k = 0; k <= REPEATS; k++) {
    const startMs = performance.now();
    act();
    // The first one also compiles.
    if (k > 0) times.push(performance.now() - startMs);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return spreadOf(times);
}

function drawRows(random: Random): OutcomeRow[] {
  const rows: OutcomeRow[] = [];
  for (let agent = 0; agent < NUM_AGENTS; agent++) {
    for (let type = 0; type < NUM_TYPES; type++) {
      for (const riskLevel of RISK_LEVELS) {
        for (let k = 0; k < ROWS_PER_KIND; k++) {
          rows.push({
            ...{ source: "phase18", taskId: `past-${rows.length}`, wave: 0, attempts: 1, timestamp: null, riskLevel },
            ...{ agentId: agentName(agent), taskType: typeName(type), succeeded: random.unit() < 0.7 },
            ...{ confidenceBefore: drawConfidence(random), confidenceDelta: 0.04 * random.unit() },
            executionTimeMs: 20 + 40 * random.unit(),
          });
        }
      }
    }
  }
  return rows;
}

function drawRecord(random: Random): WaveRecord {
  const planned = planWave({ numAgents: NUM_AGENTS, numTasks: NUM_TASKS, replications: 1 }, 1, SEED);
  const typed = planned.planned.map((task): PlannedTaskRecord => {
    const k = Number(task.agentId.slice("agent_".length));
    return { ...task, ...drawKind(random), agentId: agentName(k), confidence: drawConfidence(random) };
  });
  return { ...playWave({ ...planned, planned: typed }, random), execution: "real" };
}

function drawProblem(random: Random): Problem {
  const agents = Array.from({ length: NUM_AGENTS }, (_, k) => ({ ...PLAIN_AGENT, agentId: agentName(k) }));
  const tasks = Array.from({ length: NUM_TASKS }, (_, k) => ({
    ...PLAIN_TASK,
    ...{ taskId: `task_${String(k).padStart(4, "0")}`, ...drawKind(random), confidence: drawConfidence(random) },
  }));
  return { ...PLAIN_PROBLEM, agents, tasks, usesHistory: true };
}

function drawKind(random: Random): Pick<PlannedTaskRecord, "taskType" | "riskLevel"> {
  return { taskType: typeName(random.below(NUM_TYPES)), riskLevel: RISK_LEVELS[random.below(RISK_LEVELS.length)]! };
}

function drawConfidence(random: Random): number {
  return CONFIDENCES.from + (CONFIDENCES.to - CONFIDENCES.from) * random.unit();
}

function agentName(k: number): string {
  return `agent_${String(k).padStart(3, "0")}`;
}

function typeName(k: number): string {
  return `type_${String(k).padStart(2, "0")}`;
}
