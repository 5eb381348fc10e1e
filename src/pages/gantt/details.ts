import type { PageTask, PageWave } from "../../domain/schemas/index.js";
import { h } from "../elements/dom.js";
import { count, duration, money, percent } from "../elements/format.js";

/** What is known of one task, in words. */
export function taskDetails(task: PageTask | undefined, wave: PageWave): Node[] {
  if (task === undefined) return [h("p", { class: "muted" }, "Select a task to see why it is where it is.")];
  const [p5, p95] = task.end_interval_ms;
  const kind = [task.risk_level?.toLowerCase().concat(" risk") ?? null, task.task_type].filter((word) => word !== null);
  const facts: [string, string][] = [
    ["Agent", `${task.agent_id}${task.slot > 0 ? `, slot ${task.slot + 1}` : ""}`],
    [
      "Planned",
      `${duration(task.start_ms)} to ${duration(task.end_ms)}; the end with 90 % between ${duration(p5)} and ${duration(p95)}`,
    ],
    ...(task.deadline_ms === undefined ? [] : [["Deadline", describeDeadline(task, wave)] as [string, string]]),
    ["Chance of success", percent(task.success_probability)],
    ...(task.reason === null ? [] : [["Why this agent", task.reason] as [string, string]]),
    ...(task.depends_on.length === 0 ? [] : [["Waits for", task.depends_on.join(", ")] as [string, string]]),
    ...(task.cost === null || wave.planned.cost === null
      ? []
      : [["Planned cost", money(task.cost)] as [string, string]]),
    ...task.attempts.map((attempt, k): [string, string] => [`Attempt ${k + 1}`, describeAttempt(attempt)]),
  ];
  return [
    h("h3", {}, task.task_id, h("span", { class: `state is-${task.state}` }, task.state)),
    h("p", { class: "muted" }, [...kind, ...describePlace(task, wave)].join("; ")),
    h("dl", {}, ...facts.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])),
  ];
}

function describeDeadline({ task_id, deadline_ms: deadlineMs, attempts, state }: PageTask, { late }: PageWave): string {
  const by = duration(deadlineMs ?? null);
  if (late.actual.includes(task_id)) return `${by}; it ended ${duration(attempts.at(-1)!.end_ms! - deadlineMs!)} later`;
  return state === "completed" || state === "failed" ? `${by}; it ended in time` : by;
}

function describePlace({ task_id }: PageTask, { critical_tasks }: PageWave): string[] {
  const place = critical_tasks.indexOf(task_id);
  if (place < 0) return [];
  return [`one of the ${count(critical_tasks.length, "task")} that set the planned end of the wave`];
}

function describeAttempt({ agent_id, start_ms, end_ms, succeeded, error, cost }: PageTask["attempts"][number]): string {
  const when = end_ms === null ? `running since ${duration(start_ms)}` : `${duration(start_ms)} to ${duration(end_ms)}`;
  const end = succeeded === null ? "" : succeeded ? ", succeeded" : `, failed${error === null ? "" : `: ${error}`}`;
  return `on ${agent_id}, ${when}${end}${cost === null ? "" : `, cost ${money(cost)}`}`;
}
