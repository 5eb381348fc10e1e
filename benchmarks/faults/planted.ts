import { judge, keyOf, type Remains } from "./judge.js";
import type { JournalLine, LoggedAttempt } from "./place.js";

/** What a run left behind, with a fault put into it, and the finding that it must bring; null: it is none. */
interface Planted {
  readonly name: string;
  readonly remains: Partial<Remains>;
  readonly log?: readonly LoggedAttempt[];
  readonly budget?: number;
  readonly finding: RegExp | null;
}

/** A second is longer than any answer takes to the disk. */
const LATER_MS = 1_000;

/** Puts faults into what an undisturbed run left behind. @returns those that the judge does not find, and what it finds wrongly */
export function misjudged(place: Remains, log: readonly LoggedAttempt[], slots: number): string[] {
  return plant(place, log).flatMap(({ name, remains, finding, budget = null, log: changed = log }) => {
    const own: Remains = {
      taskIds: place.taskIds,
      ...{ journal: () => place.journal(), summary: () => place.summary(), told: () => place.told() },
      counted: () => place.counted(),
      ...remains,
    };
    const { faults } = judge(own, changed, budget, slots);
    const isRight = finding === null ? faults.length === 0 : faults.some((fault) => finding.test(fault));
    return isRight ? [] : [`the judge errs where ${name}; it finds: ${faults.join("; ") || "nothing"}`];
  });
}

function plant(place: Remains, log: readonly LoggedAttempt[]): Planted[] {
  const journal = place.journal();
  const [first, second] = twoOfOneAgent(log);
  const answer = journal.find((row) => row.event === "attempt_ended" && keyOf(row) === first.key)!;
  const counted = place.counted();
  const later = (row: JournalLine, ms: number): JournalLine => ({ ...row, at: new Date(ms).toISOString() });
  const flushedMs = Date.parse(answer.at);
  // A worker that was paused in the middle of the first attempt, whose copy went on when the second one was under way.
  const paused = { ...first, startMs: first.startMs + 1, beganMs: first.beganMs + 1, endMs: second.endMs };
  const again = { ...first, startMs: flushedMs + LATER_MS, beganMs: flushedMs + LATER_MS, endMs: null };
  const answeredLate = journal.map((row) => (row === answer ? later(row, second.endMs! + 1) : row));
  return [
    { name: "nothing is wrong", remains: {}, finding: null },
    {
      name: "a paused worker's late answer is counted too",
      remains: { journal: () => [...journal, later(answer, flushedMs + LATER_MS)] },
      log: inOrder([...log, paused]),
      finding: /counts twice$/,
    },
    {
      name: "the tree counts an answer twice",
      remains: { counted: () => [...counted, answer] },
      finding: /counts twice in the tree/,
    },
    {
      name: "the tree counts what nobody answered",
      remains: { counted: () => [...counted, { ...answer, attempt: 99 }] },
      finding: /counts without an answer/,
    },
    {
      name: "an answer is dropped",
      remains: { counted: () => counted.filter((one) => keyOf(one) !== first.key) },
      finding: /does not count/,
    },
    {
      name: "an attempt is made again after its answer was flushed",
      remains: {},
      log: inOrder([...log, again]),
      finding: /was run again/,
    },
    {
      name: "a paused worker's copy goes on after the answer of another copy counts",
      remains: {},
      log: inOrder([...log, paused]),
      finding: null,
    },
    {
      name: "the next attempt starts beside a copy none of whose answers counts yet",
      remains: { journal: () => answeredLate },
      log: inOrder([...log, paused]),
      finding: /at once/,
    },
    {
      name: "a task is lost",
      remains: { told: () => new Set([...place.told()].slice(1)) },
      finding: /were lost/,
    },
    { name: "money is spent beyond the budget", remains: {}, budget: 1, finding: /was spent/ },
  ];
}

/** Two attempts that one agent made one after the other, at different tasks, of which each was made once. */
function twoOfOneAgent(log: readonly LoggedAttempt[]): readonly [LoggedAttempt, LoggedAttempt] {
  for (const first of log) {
    const second = log.find(({ agentId, startMs }) => agentId === first.agentId && startMs > first.startMs);
    if (second !== undefined && first.endMs !== null && second.endMs !== null) return [first, second];
  }
  throw new Error("no agent made two attempts");
}

function inOrder(log: readonly LoggedAttempt[]): LoggedAttempt[] {
  return log.toSorted((a, b) => a.startMs - b.startMs);
}
