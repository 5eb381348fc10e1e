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
export function misjudged(place: Remains, log: readonly LoggedAttempt[]): string[] {
  return plant(place, log).flatMap(({ name, remains, finding, budget = null, log: changed = log }) => {
    const own: Remains = {
      taskIds: place.taskIds,
      rules: place.rules,
      ...{ journal: () => place.journal(), summary: () => place.summary(), told: () => place.told() },
      counted: () => place.counted(),
      ...remains,
    };
    const { faults } = judge(own, changed, budget);
    const isRight = finding === null ? faults.length === 0 : faults.some((fault) => finding.test(fault));
    return isRight ? [] : [`the judge errs where ${name}; it finds: ${faults.join("; ") || "nothing"}`];
  });
}

function plant(place: Remains, log: readonly LoggedAttempt[]): Planted[] {
  const journal = place.journal();
  const [first, second] = twoOfOneAgent(place.rules, log);
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
    ...untimely(place, log),
    {
      name: "a task is lost",
      remains: { told: () => new Set([...place.told()].slice(1)) },
      finding: /were lost/,
    },
    { name: "money is spent beyond the budget", remains: {}, budget: 1, finding: /was spent/ },
  ];
}

/** The same attempts under rules that they do not keep. */
function untimely({ rules }: Remains, log: readonly LoggedAttempt[]): Planted[] {
  const [tasks, agents] = [[...rules.tasks], [...rules.agents]];
  const away = new Map(agents.map(([id, agent]) => [id, { ...agent, unavailable: [[0, Infinity]] as const }]));
  const late = new Map(tasks.map(([id, task]) => [id, { ...task, release_ms: 60_000 }]));
  const single = new Map(agents.map(([id, agent]) => [id, { ...agent, slots: 1 }]));
  const full = Object.fromEntries(Object.keys(rules.pools).map((pool) => [pool, 0]));
  return [
    {
      name: "an agent makes attempts while it is away",
      remains: { rules: { ...rules, agents: away } },
      finding: /was away/,
    },
    {
      name: "a task is not released yet",
      remains: { rules: { ...rules, tasks: late } },
      finding: /before its release/,
    },
    { name: "an agent has a slot less", remains: { rules: { ...rules, agents: single } }, finding: /at once/ },
    { name: "a pool has less room", remains: { rules: { ...rules, pools: full } }, finding: /took .* to/ },
    {
      name: "an attempt is in no journal",
      remains: {},
      log: inOrder([...log, { ...log[0]!, agentId: agents.find(([id]) => id !== log[0]!.agentId)![0] }]),
      finding: /no row says so/,
    },
  ];
}

/** Two attempts that one agent with one slot made one after the other in a wave, at different tasks; the first took nothing of a pool. */
function twoOfOneAgent(
  { tasks, agents }: Remains["rules"],
  log: readonly LoggedAttempt[],
): readonly [LoggedAttempt, LoggedAttempt] {
  const [waveOf, taskOf] = [0, 1].map((k) => (key: string) => key.split(":")[k]!) as [Part, Part];
  for (const first of log) {
    if (agents.get(first.agentId)!.slots > 1 || tasks.get(taskOf(first.key))!.uses !== undefined) continue;
    const second = log.find(({ key, agentId, startMs }) => {
      return agentId === first.agentId && startMs > first.startMs && waveOf(key) === waveOf(first.key);
    });
    if (second !== undefined && first.endMs !== null && second.endMs !== null) return [first, second];
  }
  throw new Error("no agent made two attempts");
}

type Part = (key: string) => string;

function inOrder(log: readonly LoggedAttempt[]): LoggedAttempt[] {
  return log.toSorted((a, b) => a.startMs - b.startMs);
}
