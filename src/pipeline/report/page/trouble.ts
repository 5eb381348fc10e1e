import type { PageAgent, PageAttempt, PageTask, PageTrouble } from "../../../domain/schemas/index.js";
import { countOf, formatDuration } from "../format.js";
import { groupBy } from "./page-wave.js";

/** Tasks that one line names. */
const MOST_NAMED = 4;
/** Lines of one wave; the rest is in the files. */
const MOST_LINES = 40;
/** Two times this close, relative, are the same. */
const SAME = 1e-9;

/** What went wrong in a wave: attempts that failed, by agent and cause, then agents that were busy beyond their limit. O(attempts). */
export function troubleOf(tasks: readonly PageTask[], agents: readonly PageAgent[]): PageTrouble[] {
  const lines = [...failuresOf(tasks), ...agents.flatMap(overloadOf)];
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
  failed: { words: "no attempt succeeded", cure: "Look into the cause; until it is mended, keep such tasks away from" },
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
    .map(describeFailures);
}

function fateOf({ state }: PageTask): keyof typeof FATES {
  return state === "completed" || state === "failed" ? state : "open";
}

function describeFailures(group: readonly Failure[]): PageTrouble {
  const { task, attempt } = group[0]!;
  const fate = fateOf(task);
  const ids = [...new Set(group.map((one) => one.task.task_id))];
  const named = ids.slice(0, MOST_NAMED).join(", ");
  const rest = ids.length - MOST_NAMED;
  return {
    issue: `${countOf(group.length, "attempt")} failed on ${attempt.agent_id}`,
    analysis: `${attempt.error ?? "No cause was given"} (${named}${rest > 0 ? ` and ${rest} more` : ""}); ${FATES[fate].words}.`,
    recommendation: fate === "failed" ? `${FATES.failed.cure} ${attempt.agent_id}.` : FATES[fate].cure,
  };
}

function overloadOf({ agent_id, actual_ms, limit_ms }: PageAgent): PageTrouble[] {
  if (actual_ms === null || limit_ms === null || actual_ms <= limit_ms * (1 + SAME)) return [];
  return [
    {
      issue: `${agent_id} was busy longer than its limit`,
      analysis: `${formatDuration(actual_ms)}, and the plan may give it ${formatDuration(limit_ms)}: its attempts took longer than planned, or it made more of them.`,
      recommendation: "Plan the next wave from what was learned; a lower --load-limit leaves more room.",
    },
  ];
}
