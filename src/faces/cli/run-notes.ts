import { countOf } from "../../domain/index.js";
import type { RunEvent, RunOutcome } from "../../pipeline/index.js";
import type { Notes } from "./notes.js";
import { formatNumber, formatShare } from "./text.js";

type Inputs = NonNullable<RunOutcome["summary"]>["inputs"];

/** What happens, in words; null for what would only repeat the files. */
export function describeEvent(event: RunEvent): string | null {
  if (event.event === "run_started") return `${countOf(event.tasks, "task")} in ${countOf(event.waves, "wave")}`;
  if (event.event === "run_finished") return null;
  const head = `wave ${event.wave}: `;
  switch (event.event) {
    case "wave_started":
      return `${head}${countOf(event.tasks, "task")}, ${event.strategy}: ${event.reason}`;
    case "plan": {
      const { termination, value, bound, planned_tasks, deferred_tasks } = event;
      const facts = `${formatNumber(value)}, bound ${formatNumber(bound)}`;
      const share = formatShare(event.expected_success_rate);
      return `${head}plan ${termination}: ${facts}; ${countOf(planned_tasks, "task")} planned, ${deferred_tasks} deferred, ${share} expected to succeed`;
    }
    case "anomaly":
      return `${head}anomaly: ${event.anomaly.description}`;
    case "alert":
      return `${head}alert: ${event.alert.message}`;
    case "moved":
      return `${head}${event.task_id} goes from ${event.from_agent_id} to ${event.to_agent_id}: ${event.reason}`;
    case "agent_down":
      return `${head}${event.agent_id} is down: ${event.reason}`;
    case "agent_up":
      return `${head}${event.agent_id} is back`;
    case "wave_finished":
      return `${head}${countOf(event.completed_tasks, "task")} completed, ${event.failed_tasks} failed, ${event.deferred_tasks} deferred`;
    case "attempt_started":
    case "attempt_ended":
    case "metric":
      return null;
  }
}

/** Says what was left out of the input, and with `--verbose` what was read and what was not there. */
export function noteInputs({ files, skipped, absent, unknown_fields, notes: remarks }: Inputs, notes: Notes): void {
  for (const { place, reason } of skipped) notes.warn(`skipped ${place}: ${reason}`);
  for (const { file, rows, known_rows } of files) {
    const known = known_rows === 0 ? "" : `, ${known_rows} of them learned before`;
    notes.detail(`read: ${file}, rows: ${rows}${known}`);
  }
  for (const file of absent) notes.detail(`absent: ${file}`);
  for (const [file, counts] of Object.entries(unknown_fields)) {
    const fields = Object.entries(counts).map(([field, count]) => `${field} (${count})`);
    notes.detail(`${file}: fields not known here: ${fields.join(", ")}`);
  }
  for (const remark of remarks) notes.detail(remark);
}
