import { groupBy } from "../../domain/index.js";
import type { PageTask, PageWave } from "../../domain/schemas/index.js";
import { countOf } from "./format.js";

/** A chart of more tasks is too dense to read; the page draws them all. */
const MOST_TASKS = 40;
const HOUR_MS = 3_600_000;

/** The schedule of each wave as a Mermaid chart, which GitHub and others draw; of larger waves, where it is drawn instead. */
export function renderSchedules(waves: readonly PageWave[]): string[] {
  const planned = waves.filter(({ tasks }) => tasks.length > 0);
  if (planned.length === 0) return [];
  const small = planned.filter(({ tasks }) => tasks.length <= MOST_TASKS);
  const rest = planned.length - small.length;
  const note =
    rest === 0
      ? "The page of the same name (.html) draws them with intervals, dependencies and what happened."
      : `${countOf(rest, "wave")} of more than ${MOST_TASKS} tasks: the page of the same name (.html) draws ${rest === 1 ? "it" : "them"}.`;
  return ["## Schedules", note, ...small.map(renderSchedule)];
}

function renderSchedule({ wave, tasks }: PageWave): string {
  const end = Math.max(...tasks.map(({ end_ms }) => end_ms));
  const sections = [...groupBy(tasks, ({ agent_id }) => agent_id)].map(([agentId, own]) =>
    [`  section ${plainText(agentId)}`, ...[...own].sort((a, b) => a.start_ms - b.start_ms).map(renderTask)].join("\n"),
  );
  const axis = end < HOUR_MS ? "%M:%S" : "%H:%M";
  const head = `gantt\n  title Wave ${wave}, as planned\n  dateFormat x\n  axisFormat ${axis}`;
  return `\`\`\`mermaid\n${head}\n${sections.join("\n")}\n\`\`\``;
}

function renderTask({ task_id, state, start_ms, end_ms }: PageTask): string {
  const mark = { planned: "", running: "active, ", completed: "done, ", failed: "crit, " }[state];
  return `  ${plainText(task_id)} :${mark}${Math.round(start_ms)}, ${Math.max(Math.round(start_ms) + 1, Math.round(end_ms))}`;
}

/** Text that means nothing to Mermaid. */
function plainText(text: string): string {
  return text.replace(/[^\p{L}\p{N} _.-]/gu, "_");
}
