import { COST, type CountedAttempt, type JournalLine, type LoggedAttempt, type Place } from "./place.js";

/** Within so many milliseconds after its row has its time an answer is on the disk, on a busy machine too. */
const FLUSHED_WITHIN_MS = 300;

export interface Verdict {
  readonly faults: readonly string[];
  /** That were made, and how many of them had been made before: what a run has to make is the same whatever befalls it. */
  readonly attempts: number;
  readonly repeated: number;
}

/** What a run leaves behind. */
export type Remains = Pick<Place, "journal" | "summary" | "told" | "counted" | "taskIds">;

/** Whether a run that has ended keeps what must hold, by its tree, its journal and the agents' own log. */
export function judge(place: Remains, log: readonly LoggedAttempt[], budget: number | null, slots: number): Verdict {
  const journal = place.journal();
  const answers = journal.filter(({ event, fault }) => event === "attempt_ended" && fault !== "aborted");
  const distinct = new Set(log.map(({ key }) => key)).size;
  return {
    faults: [
      ...checkEnd(place, budget),
      ...checkLost(place, log, budget),
      ...checkTwice(answers),
      ...checkCounted(place.counted(), answers),
      ...checkAgain(answers, log),
      ...checkSlots(answers, log),
      ...(budget === null ? [] : checkMoney(journal, budget, slots)),
    ],
    attempts: log.length,
    repeated: log.length - distinct,
  };
}

export function keyOf({ wave, task_id, attempt }: CountedAttempt): string {
  return `${wave}:${task_id}:${attempt}`;
}

/** Without a budget every task is done in the end, whatever befell the run. */
function checkEnd(place: Remains, budget: number | null): string[] {
  const { partial, tasks } = place.summary();
  const isWhole = !partial && tasks.total === place.taskIds.length;
  if (isWhole && (budget !== null || tasks.completed === tasks.total)) return [];
  return [`an end that no undisturbed run has: ${JSON.stringify({ partial, ...tasks })}`];
}

function checkLost(place: Remains, log: readonly LoggedAttempt[], budget: number | null): string[] {
  const told = place.told();
  const ran = new Set(log.map(({ key }) => key.split(":")[1]));
  const lost = place.taskIds.filter((taskId) => !told.has(taskId) || (budget === null && !ran.has(taskId)));
  return lost.length === 0 ? [] : [`tasks that were lost: ${lost.join(", ")}`];
}

function checkTwice(answers: readonly CountedAttempt[]): string[] {
  return twiceIn(answers.map(keyOf)).map((key) => `${key} counts twice`);
}

/** The tree counts each answer of the journal, and nothing else. */
function checkCounted(counted: readonly CountedAttempt[], answers: readonly JournalLine[]): string[] {
  const [inTree, inJournal] = [counted.map(keyOf), answers.map(keyOf)];
  return [
    ...twiceIn(inTree).map((key) => `${key} counts twice in the tree`),
    ...inTree.filter((key) => !inJournal.includes(key)).map((key) => `${key} counts without an answer`),
    ...inJournal.filter((key) => !inTree.includes(key)).map((key) => `${key} was answered and does not count`),
  ];
}

function twiceIn(keys: readonly string[]): string[] {
  return keys.filter((key, k) => keys.indexOf(key) !== k);
}

function flushTimes(answers: readonly JournalLine[]): ReadonlyMap<string, number> {
  return new Map(answers.map((row) => [keyOf(row), Date.parse(row.at) + FLUSHED_WITHIN_MS]));
}

function checkAgain(answers: readonly JournalLine[], log: readonly LoggedAttempt[]): string[] {
  const flushedAtMs = flushTimes(answers);
  return log
    .filter(({ key, beganMs }) => beganMs > (flushedAtMs.get(key) ?? Infinity))
    .map(({ key, startMs }) => {
      const afterMs = startMs - flushedAtMs.get(key)! + FLUSHED_WITHIN_MS;
      return `${key} was run again at ${new Date(startMs).toISOString()}, ${afterMs.toFixed(0)} ms after its answer was flushed`;
    });
}

/**
 * Each agent has one slot. An attempt without an end was killed, nobody outside knows when. A copy whose worker was paused goes on when
 * that worker does: where the answer of another copy counts by then, the run goes on too, so of copies only the time before that answer counts.
 */
function checkSlots(answers: readonly JournalLine[], log: readonly LoggedAttempt[]): string[] {
  const faults: string[] = [];
  const flushedAtMs = flushTimes(answers);
  const countedAtMs = new Map(answers.map((row) => [keyOf(row), Date.parse(row.at)]));
  const copied = new Set(log.map(({ key }) => key).filter((key, k, keys) => keys.indexOf(key) !== k));
  const lastOf = new Map<string, LoggedAttempt & { readonly endMs: number }>();
  for (const one of log.filter(({ key, startMs }) => startMs <= (flushedAtMs.get(key) ?? Infinity))) {
    const before = lastOf.get(one.agentId);
    // Copies of one attempt, whose worker was thought to be gone, are one attempt of the run.
    if (before !== undefined && one.startMs < before.endMs && one.key !== before.key) {
      const heldMs = (before.endMs - one.startMs).toFixed(0);
      const began = new Date(one.startMs).toISOString();
      faults.push(`${one.agentId} ran ${before.key} and ${one.key} at once, for ${heldMs} ms from ${began} on`);
    }
    const endMs =
      one.endMs !== null && copied.has(one.key) ? Math.min(one.endMs, countedAtMs.get(one.key) ?? Infinity) : one.endMs;
    if (endMs !== null && endMs > (before?.endMs ?? 0)) lastOf.set(one.agentId, { ...one, endMs });
  }
  return faults;
}

/** No attempt starts once the budget is gone, so it is passed by no more than what was under way then. */
function checkMoney(journal: readonly JournalLine[], budget: number, slots: number): string[] {
  const faults: string[] = [];
  let spent = 0;
  const seen = new Set<string>();
  for (const row of journal) {
    if (row.event === "attempt_started" && spent >= budget + COST / 2 && !seen.has(keyOf(row))) {
      faults.push(`${keyOf(row)} started after ${spent} of ${budget} was spent`);
    }
    if (row.event === "attempt_started") seen.add(keyOf(row));
    if (row.event === "attempt_ended") spent += row.cost ?? 0;
  }
  if (spent > budget + slots * COST) faults.push(`${spent} of ${budget} was spent`);
  return faults;
}
