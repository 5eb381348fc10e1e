import { groupBy, joinWords, nameSome } from "../../../domain/index.js";
import type { PageAgent, PageAttempt, PageTask, PageTrouble } from "../../../domain/schemas/index.js";
import { countOf, formatDuration } from "../format.js";
import { endedLate } from "./page-wave.js";

/** Tasks that one line names. */
const MOST_NAMED = 4;
/** Lines of one wave; the rest is in the files. */
const MOST_LINES = 40;
/** Two times this close, relative, are the same. */
const SAME = 1e-9;

/**
 * What went wrong in a wave: attempts that failed, by agent and cause, then tasks that ended after their deadlines, then agents that were
 * busy beyond their limit. O(attempts).
 */
export function troubleOf(tasks: readonly PageTask[], agents: readonly PageAgent[]): PageTrouble[] {
  const lines = [...failuresOf(tasks), ...latenessOf(tasks), ...agents.flatMap(overloadOf)];
  const rest = lines.length - MOST_LINES;
  if (rest <= 0) return lines;
  const more = { issue: `and ${rest} more`, analysis: "They are in the files of the wave.", recommendation: "" };
  return [...lines.slice(0, MOST_LINES), { ...more, recommendation: "Read execution_outcomes.jsonl of its agents." }];
}

interface Failure {
  readonly task: PageTask;
  readonly attempt: PageAttempt;
}

const FATES = {
  completed: { words: "a later attempt succeeded", cure: "Nothing, unless it comes again." },
  failed: { words: "no attempt succeeded", cure: null },
  open: { words: "not over yet", cure: "Wait for the next attempt." },
} as const;

function failuresOf(tasks: readonly PageTask[]): PageTrouble[] {
  const failures = tasks.flatMap((task) =>
    task.attempts.filter(({ succeeded }) => succeeded === false).map((attempt): Failure => ({ task, attempt })),
  );
  const groups = groupBy(failures, ({ task, attempt }) =>
    JSON.stringify([fateOf(task), attempt.agent_id, attempt.error]),
  );
  const order = ["failed", "open", "completed"];
  return [...groups.values()]
    .sort((a, b) => order.indexOf(fateOf(a[0]!.task)) - order.indexOf(fateOf(b[0]!.task)) || b.length - a.length)
    .map((group) => describeFailures(group, tasks));
}

/** Tasks that were not begun, for they wait for one of these, themselves or through others. O(rounds · dependencies) */
function heldUpBy(ids: readonly string[], tasks: readonly PageTask[]): number {
  const held = new Set(ids);
  const open = tasks.filter(({ attempts }) => attempts.length === 0);
  // Tasks come in no order: what waits is sought until a round finds none.
  for (let size = 0; size < held.size;) {
    size = held.size;
    for (const task of open) if (task.depends_on.some((id) => held.has(id))) held.add(task.task_id);
  }
  return held.size - ids.length;
}

/** What to do about tasks that these agents failed at for good. */
export function cureOfFailures(agentIds: readonly string[]): string {
  const [names, them] = [joinWords(agentIds), agentIds.length === 1 ? "it" : "them"];
  return `Look into the cause on ${names}; until it is mended, keep such tasks away from ${them}.`;
}

function fateOf({ state }: PageTask): keyof typeof FATES {
  return state === "completed" || state === "failed" ? state : "open";
}

function describeFailures(group: readonly Failure[], tasks: readonly PageTask[]): PageTrouble {
  const { task, attempt } = group[0]!;
  const fate = fateOf(task);
  const ids = [...new Set(group.map((one) => one.task.task_id))];
  const named = nameSome(ids, MOST_NAMED);
  const numHeld = fate === "failed" ? heldUpBy(ids, tasks) : 0;
  const held =
    numHeld === 0
      ? ""
      : `; ${numHeld === 1 ? "1 task that waits" : `${numHeld} tasks that wait`} for ${ids.length === 1 ? "it" : "them"} ${numHeld === 1 ? "was" : "were"} not begun`;
  return {
    issue: `${countOf(group.length, "attempt")} failed on ${attempt.agent_id}`,
    analysis: `${attempt.error ?? "No cause was given"} (${named}); ${FATES[fate].words}${held}.`,
    recommendation: FATES[fate].cure ?? cureOfFailures([attempt.agent_id]),
  };
}

function latenessOf(tasks: readonly PageTask[]): PageTrouble[] {
  const late = tasks.filter(endedLate);
  if (late.length === 0) return [];
  const ends = late.map(({ task_id, attempts, deadline_ms: deadlineMs }) => {
    return `${task_id} at ${formatDuration(attempts.at(-1)!.end_ms)}, not by ${formatDuration(deadlineMs ?? null)}`;
  });
  return [
    {
      issue: `${countOf(late.length, "task")} ended after ${late.length === 1 ? "its deadline" : "their deadlines"}`,
      analysis: `${ends.join("; ")}.`,
      recommendation:
        "Deadlines bind the plan, not its run: find out what took longer than planned, or withdraw what is of no use any more.",
    },
  ];
}

/** Whether an agent was busy beyond the load that the plan may give it. */
export function isOverloaded({ actual_ms, limit_ms }: PageAgent): boolean {
  return actual_ms !== null && limit_ms !== null && actual_ms > limit_ms * (1 + SAME);
}

function overloadOf(agent: PageAgent): PageTrouble[] {
  if (!isOverloaded(agent)) return [];
  return [
    {
      issue: `${agent.agent_id} was busy longer than its limit`,
      analysis: `${formatDuration(agent.actual_ms)}, and the plan may give it ${formatDuration(agent.limit_ms)}: its attempts took longer than planned, or it made more of them.`,
      recommendation: "Nothing, unless it comes again; then a lower --load-limit leaves more room.",
    },
  ];
}
