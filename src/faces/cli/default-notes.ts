import type { FullProblem, Problem, SolveOptions } from "../../domain/index.js";
import type * as Planner from "../../planner/index.js";
import type { Notes } from "./notes.js";

const MAX_NAMED = 5;

/** Strategies that look at times alone. */
const TIME_STRATEGIES: readonly string[] = ["maximize_throughput", "balance_load"];

/** Says which times are a default: with a warning where they decide something, for then the plan rests on it. */
export function noteDefaultTimes(
  planner: typeof Planner,
  problem: Problem,
  full: FullProblem,
  options: SolveOptions,
  notes: Notes,
): void {
  const { taskIds, numPairs, areMixed, defaultMs } = planner.defaultTimes(problem, full);
  if (numPairs === 0) return;
  const more = taskIds.length > MAX_NAMED ? ` and ${taskIds.length - MAX_NAMED} more` : "";
  const named = `${taskIds.slice(0, MAX_NAMED).join(", ")}${more}`;
  const line = `times of ${numPairs} pairs of task and agent are the default of ${defaultMs} ms an attempt, for nothing says how long they take: ${named}; give estimates.AGENT.duration_ms, or history`;
  if (areMixed || TIME_STRATEGIES.includes(options.strategy) || hasTimeLimits(problem, options)) notes.warn(line);
  else notes.detail(line);
}

/** Whether the problem or the options hold a time that predicted times are compared with. */
function hasTimeLimits({ tasks, agents }: Problem, { loadLimit }: SolveOptions): boolean {
  return (
    loadLimit?.kind === "absolute" ||
    tasks.some(({ deadlineMs, dueMs, releaseMs }) => deadlineMs !== null || dueMs !== null || releaseMs > 0) ||
    agents.some(
      ({ capacityMs, availableFromMs, availableUntilMs, unavailable }) =>
        capacityMs !== null || availableFromMs > 0 || availableUntilMs !== null || unavailable.length > 0,
    )
  );
}
