import { COST, type CountedAttempt, type JournalLine, type LoggedAttempt, type Place } from "./place.js";
import type { Rules } from "./rules.js";

/** Within so many milliseconds after its row has its time an answer is on the disk, on a busy machine too. */
const FLUSHED_WITHIN_MS = 300;

export interface Verdict {
  readonly faults: readonly string[];
  /** That were made, and how many of them had been made before: what a run has to make is the same whatever befalls it. */
  readonly attempts: number;
  readonly repeated: number;
}

/** What a run leaves behind. */
export type Remains = Pick<Place, "journal" | "summary" | "told" | "counted" | "taskIds" | "rules">;

/** Whether a run that has ended keeps what must hold, by its tree, its journal and the agents' own log. */
export function judge(place: Remains, log: readonly LoggedAttempt[], budget: number | null): Verdict {
  const slots = [...place.rules.agents.values()].reduce((sum, agent) => sum + agent.slots, 0);
  const journal = place.journal();
  const answers = journal.filter(({ event, fault }) => event === "attempt_ended" && fault !== "aborted");
  const distinct = new Set(log.map(({ key }) => key)).size;
  // A process whose run was killed before it had written the request does nothing.
  const asked = log.filter(({ agentId }) => agentId !== "");
  return {
    faults: [
      ...checkEnd(place, budget),
      ...checkLost(place, log, budget),
      ...checkTwice(answers),
      ...checkCounted(place.counted(), answers),
      ...checkAgain(answers, log),
      ...checkRoom(answers, asked, place.rules),
      ...checkTimes(journal, asked, place.rules),
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

/** An attempt as long as it had to do with the run: a moment that no other may share a full slot or pool with. */
type Span = LoggedAttempt & { readonly endMs: number };

/**
 * Attempts with their ends. One without an end was killed, nobody outside knows when. A copy whose worker was paused goes on when
 * that worker does: where the answer of another copy counts by then, the run goes on too, so of copies only the time before that answer counts.
 */
function spansOf(answers: readonly JournalLine[], log: readonly LoggedAttempt[]): Span[] {
  const flushedAtMs = flushTimes(answers);
  const countedAtMs = new Map(answers.map((row) => [keyOf(row), Date.parse(row.at)]));
  const copied = new Set(log.map(({ key }) => key).filter((key, k, keys) => keys.indexOf(key) !== k));
  return log
    .filter(({ key, startMs, endMs }) => endMs !== null && startMs <= (flushedAtMs.get(key) ?? Infinity))
    .map((one) => {
      const endMs = copied.has(one.key) ? Math.min(one.endMs!, countedAtMs.get(one.key) ?? Infinity) : one.endMs!;
      return { ...one, endMs };
    });
}

/** Who runs when an attempt starts, itself too. Copies of one attempt, whose worker was thought to be gone, are one attempt of the run. */
function besides(one: LoggedAttempt, spans: readonly Span[]): Span[] {
  const beside = spans.filter(
    ({ key, startMs, endMs }) => key !== one.key && startMs <= one.startMs && one.startMs < endMs,
  );
  return [...new Map(beside.map((span) => [span.key, span])).values()];
}

/** No agent makes more attempts at once than it has slots, and no pool is passed. */
function checkRoom(answers: readonly JournalLine[], log: readonly LoggedAttempt[], rules: Rules): string[] {
  const flushedAtMs = flushTimes(answers);
  const spans = spansOf(answers, log);
  const ofWave = (key: string): string => key.slice(0, key.indexOf(":"));
  return log
    .filter(({ key, startMs }) => startMs <= (flushedAtMs.get(key) ?? Infinity))
    .flatMap((one) => {
      const beside = besides(one, spans);
      const atOnce = beside.filter(({ agentId }) => agentId === one.agentId);
      const began = new Date(one.startMs).toISOString();
      const { slots } = rules.agents.get(one.agentId)!;
      const full = Object.entries(usesOf(rules, one.key)).flatMap(([pool, amount]) => {
        const used = beside.reduce((sum, { key }) => sum + (usesOf(rules, key)[pool] ?? 0), amount);
        const limit = rules.pools[pool]!;
        return used > limit ? [`${one.key} took ${pool} to ${used} of ${limit} at ${began}`] : [];
      });
      const names = [...atOnce.map(({ key }) => key), one.key].join(", ");
      const crowded = atOnce.length >= slots ? [`${one.agentId} ran ${names} at once, from ${began} on`] : [];
      const early = beside.filter(({ key }) => ofWave(key) !== ofWave(one.key));
      return [...full, ...crowded, ...early.map(({ key }) => `${one.key} began while ${key} ran, of another wave`)];
    });
}

function usesOf({ tasks }: Rules, key: string): Readonly<Record<string, number>> {
  return tasks.get(taskOf(key))?.uses ?? {};
}

function taskOf(key: string): string {
  return key.split(":")[1]!;
}

/**
 * No attempt starts before its task is released or while its agent is away, by the clock of the wave, which stands still while the run is
 * dead: each start of an attempt says when it was by that clock.
 */
function checkTimes(journal: readonly JournalLine[], log: readonly LoggedAttempt[], rules: Rules): string[] {
  const starts = journal.filter(({ event }) => event === "attempt_started");
  return log.flatMap(({ key, agentId, startMs }) => {
    const own = starts.findLast(
      (row) => keyOf(row) === key && row.agent_id === agentId && Date.parse(row.at) <= startMs,
    );
    if (own === undefined)
      return [`${key} ran on ${agentId} at ${new Date(startMs).toISOString()}, and no row says so`];
    // What the agents' own log has of it comes later than the row, by as much as a process takes.
    const atMs = own.start_ms! + (startMs - Date.parse(own.at));
    const { release_ms: releaseMs = 0 } = rules.tasks.get(taskOf(key)) ?? {};
    const absences = rules.agents.get(agentId)!.unavailable ?? [];
    return [
      ...(atMs < releaseMs ? [`${key} ran at ${atMs} ms, before its release at ${releaseMs} ms`] : []),
      ...absences
        .filter(([fromMs, toMs]) => own.start_ms! >= fromMs && own.start_ms! < toMs)
        .map(
          ([fromMs, toMs]) =>
            `${key} began at ${own.start_ms} ms, while ${agentId} was away from ${fromMs} to ${toMs} ms`,
        ),
    ];
  });
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
