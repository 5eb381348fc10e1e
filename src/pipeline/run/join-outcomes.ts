import { groupBy, InputError, type ResultDocument, suggestNearest } from "../../domain/index.js";
import type { ReportedOutcome } from "../files/reported-outcomes.js";

/** How a planned task really went: all rows of it as one. */
export interface ReportedTask extends ReportedOutcome {
  /** In order; null where one row stands for the task. An attempt that no row is of is null: it failed, or none would follow. */
  readonly tries: readonly (ReportedOutcome | null)[] | null;
}

/**
 * The outcome of every task of the plan that has one; those of other tasks are named and ignored.
 *
 * @param wave the wave of the plan: a task that was tried in several waves has rows of each
 * @throws InputError where a task has two outcomes, an agent is not one of the plan's, or no row is of the plan
 */
export function joinOutcomes(
  result: ResultDocument,
  rows: readonly ReportedOutcome[],
  wave: number,
): { readonly byTask: Map<string, ReportedTask>; readonly strangers: string[] } {
  const planned = new Set(result.schedule.map(({ task_id }) => task_id));
  const agentIds = Object.keys(result.agent_assignments);
  const own = rows.filter(({ taskId }) => planned.has(taskId));
  for (const row of own) refuseStrangeAgent(row, agentIds);
  const byTask = new Map<string, ReportedTask>();
  for (const [taskId, all] of groupBy(own, (row) => row.taskId)) byTask.set(taskId, joinRows(ofWave(all, wave)));
  if (byTask.size === 0 && planned.size > 0) {
    throw new InputError(
      "options.outcomes",
      `none of the ${rows.length} outcomes is of a task of the plan, such as "${result.schedule[0]!.task_id}"; give the outcomes of the same wave`,
    );
  }
  return { byTask, strangers: nameStrangers(rows.length - own.length) };
}

function nameStrangers(count: number): string[] {
  if (count === 0) return [];
  const what = count === 1 ? "outcome is" : "outcomes are";
  return [`${count} ${what} of tasks that are not in the plan, and not used`];
}

function refuseStrangeAgent({ agentId, place }: ReportedOutcome, agentIds: readonly string[]): void {
  if (agentId === null || agentIds.includes(agentId)) return;
  const nearest = suggestNearest(agentId, agentIds);
  throw new InputError(`${place}: agent_id`, `"${agentId}" is no agent of the plan; ${nearest}`);
}

/** Rows of this wave where rows of several waves are there; else all. */
function ofWave(rows: readonly ReportedOutcome[], wave: number): readonly ReportedOutcome[] {
  const own = rows.filter((row) => row.wave === wave);
  return own.length === 0 ? rows : own;
}

function joinRows(rows: readonly ReportedOutcome[]): ReportedTask {
  const [first, second] = rows;
  if (second === undefined && !first!.isAttempt) return { ...first!, tries: null };
  const whole = rows.find(({ isAttempt }) => !isAttempt);
  if (whole !== undefined) {
    const other = rows.find((row) => row !== whole)!;
    throw refuseTwice(whole === first ? other : whole, whole === first ? whole : other);
  }
  return joinAttempts(placeAttempts(rows));
}

function refuseTwice(row: ReportedOutcome, earlier: ReportedOutcome): InputError {
  return new InputError(
    row.place,
    `task "${row.taskId}" has an outcome at ${earlier.place} already; give one row per task with its number of attempts, or one row per attempt with attempt 1, 2, …`,
  );
}

/** Attempts at their numbers, from the first one; those that say nothing, or all the same, come in the order of the rows. */
function placeAttempts(rows: readonly ReportedOutcome[]): (ReportedOutcome | null)[] {
  const isNumbered = rows.length === 1 || new Set(rows.map(({ attempt }) => attempt)).size > 1;
  const tries: (ReportedOutcome | null)[] = [];
  rows.forEach((row, k) => {
    const index = isNumbered && row.attempt !== null ? row.attempt - 1 : k;
    const earlier = tries[index];
    if (earlier !== undefined && earlier !== null) throw refuseTwice(row, earlier);
    while (tries.length < index) tries.push(null);
    tries[index] = row;
  });
  const success = tries.findIndex((row) => row?.succeeded === true);
  const after = success === -1 ? undefined : tries.slice(success + 1).find((row) => row !== null);
  if (after !== undefined && after !== null) throw refuseTwice(after, tries[success]!);
  return tries;
}

/** The task ends as its last attempt did; a time that one attempt lacks is a time nobody knows. */
function joinAttempts(tries: readonly (ReportedOutcome | null)[]): ReportedTask {
  const made = tries.filter((row) => row !== null);
  const [first, last] = [made[0]!, made.at(-1)!];
  const times = tries.map((row) => row?.executionTimeMs ?? null);
  const known = times.filter((timeMs) => timeMs !== null);
  return {
    ...last,
    place: first.place,
    attempts: tries.length,
    executionTimeMs: known.length < times.length ? null : known.reduce((sum, timeMs) => sum + timeMs, 0),
    startMs: tries[0]?.startMs ?? null,
    confidenceBefore: tries[0]?.confidenceBefore ?? null,
    isKnown: made.every(({ isKnown }) => isKnown),
    heuristicsApplied: [...new Set(made.flatMap(({ heuristicsApplied }) => heuristicsApplied))],
    tries,
  };
}
