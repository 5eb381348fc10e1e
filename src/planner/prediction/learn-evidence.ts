import {
  type AttemptRecord,
  foldType,
  type Heuristics,
  type KindEvidence,
  ModelError,
  type OutcomeRow,
  type PlannedTaskRecord,
  type TaskRecord,
  type WaveRecord,
} from "../../domain/index.js";
import { penalizedConfidence } from "./attempts.js";
import { Collector } from "./collector.js";
import { addRow, withoutRepeats } from "./evidence.js";

/** What outcome rows come to, taken one by one: counted, not kept. */
export class OutcomeDigest {
  readonly #collector = new Collector();
  readonly waves = new Set<number>();
  readonly agents = new Set<string>();
  readonly taskTypes = new Set<string>();
  numRows = 0;
  /** Rows with a type. */
  numTyped = 0;

  /** O(attempts) */
  add(row: OutcomeRow, heuristics: Heuristics): void {
    addRow(this.#collector, row, heuristics);
    this.numRows++;
    this.waves.add(row.wave);
    if (row.agentId !== null) this.agents.add(row.agentId);
    if (row.taskType === null) return;
    this.taskTypes.add(foldType(row.taskType));
    this.numTyped++;
  }

  /** Exactly as the predictor would gather it from the rows themselves. O(kinds · log kinds) */
  evidence(): KindEvidence[] {
    return this.#collector.sorted();
  }
}

/** The digest of rows, ones that Phase 17 and Phase 18 share taken once. O(rows) */
export function digestOutcomes(rows: readonly OutcomeRow[], heuristics: Heuristics): OutcomeDigest {
  const digest = new OutcomeDigest();
  for (const row of withoutRepeats(rows)) digest.add(row, heuristics);
  return digest;
}

/**
 * Evidence of a wave of ours: each attempt is one trial of the agent that made it, at the task's confidence after the
 * penalties before it and before any boost, as in `digestOutcomes`: learned weights scale boosts, and what is learned
 * must not depend on where one run ends and the next begins. Attempts that threw, hung or answered rubbish are failures
 * without a time; aborted ones say nothing. The gain counts once a task, for the agent of its last attempt.
 * @throws ModelError where a task ran that the record does not plan. O(attempts).
 */
export function recordsToEvidence(record: WaveRecord, heuristics: Heuristics): KindEvidence[] {
  const planned = new Map(record.planned.map((task) => [task.taskId, task]));
  const collector = new Collector();
  for (const task of record.tasks) {
    const plan = planned.get(task.taskId);
    if (plan === undefined) throw new ModelError(`${task.taskId} ran in wave ${record.wave} but was not planned`);
    addTask(collector, task, plan, heuristics);
  }
  return collector.sorted();
}

/** Whether an attempt says something about its agent. */
export function hasOutcome(attempt: AttemptRecord): boolean {
  return attempt.fault !== "aborted";
}

/** Whether a task ran to its end: its last attempt was not cut off. */
export function isEnded(task: TaskRecord): boolean {
  return task.attempts.every(hasOutcome);
}

function addTask(collector: Collector, task: TaskRecord, plan: PlannedTaskRecord, heuristics: Heuristics): void {
  const { taskType, riskLevel } = plan;
  for (const made of task.attempts) {
    if (!hasOutcome(made)) continue;
    const evidence = collector.at({ agentId: made.agentId, taskType, riskLevel });
    const confidence = penalizedConfidence(plan.confidence, riskLevel, heuristics, made.attempt - 1);
    evidence.trials.add({ confidence, count: 1, successes: made.succeeded ? 1 : 0 });
    if (made.fault === null && made.durationMs > 0) evidence.logTimes.add(Math.log(made.durationMs));
  }
  if (task.confidenceDelta === null || !isEnded(task)) return;
  collector.at({ agentId: task.agentId, taskType, riskLevel }).gains.add(task.confidenceDelta);
}
