import { compareIds } from "../../domain/index.js";
import type { JudgeableOutcome } from "./choose-trials.js";

/** Tasks that were given out together. */
export interface LoggedWave {
  /** Ascending. */
  readonly agentIds: readonly string[];
  readonly tasks: readonly JudgeableOutcome[];
  /** Most tasks of each agent: a quarter above an even share, or as many as it really had. */
  readonly maxTasks: readonly number[];
}

/** Waves that are planned again; planning takes some milliseconds for each. */
const MAX_WAVES = 100;
/** Rows without a wave are taken as waves of this size, in their order. */
const MAX_TASKS = 500;
const EVEN_SHARE_FACTOR = 1.25;

/**
 * The last waves of a log in which somebody had a choice: at least two agents. A task counts once, by its first attempt.
 * O(rows · log rows).
 */
export function groupByWave(rows: readonly JudgeableOutcome[]): LoggedWave[] {
  const byWave = new Map<number | null, JudgeableOutcome[]>();
  for (const row of rows) {
    if (!row.isFirstAttempt) continue;
    const known = byWave.get(row.wave);
    if (known === undefined) byWave.set(row.wave, [row]);
    else known.push(row);
  }
  return [...byWave]
    .sort(([a], [b]) => (a ?? -1) - (b ?? -1))
    .flatMap(([, tasks]) => inParts(tasks))
    .map(toWave)
    .filter(({ agentIds }) => agentIds.length > 1)
    .slice(-MAX_WAVES);
}

function inParts<T>(rows: readonly T[]): T[][] {
  const numParts = Math.ceil(rows.length / MAX_TASKS);
  return Array.from({ length: numParts }, (_, k) => rows.slice(k * MAX_TASKS, (k + 1) * MAX_TASKS));
}

function toWave(tasks: readonly JudgeableOutcome[]): LoggedWave {
  const counts = new Map<string, number>();
  for (const { agentId } of tasks) counts.set(agentId, (counts.get(agentId) ?? 0) + 1);
  const agentIds = [...counts.keys()].sort(compareIds);
  const share = Math.ceil((EVEN_SHARE_FACTOR * tasks.length) / agentIds.length);
  return { agentIds, tasks, maxTasks: agentIds.map((agentId) => Math.max(share, counts.get(agentId)!)) };
}
