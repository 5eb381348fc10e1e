import type { PageDocument } from "../../domain/schemas/index.js";

/** One sample: labels and value. */
type Sample = readonly [labels: Readonly<Record<string, string | number>>, value: number | null];

/** The run as Prometheus reads it (text format 0.0.4). Times are seconds; what is not known has no sample. */
export function renderMetrics(page: PageDocument, numPages: number): string {
  const { waves, tasks } = page;
  const attempts = waves.flatMap(({ tasks }) => tasks.flatMap((task) => task.attempts));
  const ended = attempts.filter(({ succeeded }) => succeeded !== null);
  const numSucceeded = ended.filter(({ succeeded }) => succeeded === true).length;
  const running = waves.flatMap(({ tasks }) => tasks).filter(({ state }) => state === "running").length;
  const cost = waves.reduce<number | null>(
    (sum, { actual }) => (actual.cost === null ? sum : (sum ?? 0) + actual.cost),
    null,
  );
  const seconds = (ms: number | null): number | null => (ms === null ? null : ms / 1000);
  const families = [
    family("phase19_run_info", "gauge", "The run that is shown.", [
      [{ run_id: page.run_id ?? "", state: page.state, execution: page.execution ?? "", version: page.version }, 1],
    ]),
    family("phase19_tasks_total", "gauge", "Tasks of the run by what came of them.", [
      [{ state: "all" }, tasks.total],
      [{ state: "completed" }, tasks.completed],
      [{ state: "failed" }, tasks.failed],
      [{ state: "deferred" }, tasks.deferred],
      [{ state: "running" }, running],
    ]),
    family("phase19_attempts_total", "counter", "Attempts that ended.", [
      [{ outcome: "succeeded" }, numSucceeded],
      [{ outcome: "failed" }, ended.length - numSucceeded],
    ]),
    family("phase19_retries_total", "counter", "Attempts after a task's first.", [[{}, tasks.retries]]),
    family("phase19_cost_total", "counter", "Cost of all attempts, in the unit of the agents' rates.", [[{}, cost]]),
    family(
      "phase19_wave_makespan_seconds",
      "gauge",
      "Time of a wave: the schedule without chance, the forecast with chance, and what it took.",
      waves.flatMap(({ wave, tasks, planned, planned_makespan_of: of, actual }): Sample[] => [
        [{ wave, kind: "planned" }, tasks.length === 0 ? null : seconds(latestEnd(tasks))],
        [{ wave, kind: "forecast" }, of === "forecast" ? seconds(planned.makespan_ms) : null],
        [{ wave, kind: "actual" }, seconds(actual.makespan_ms)],
      ]),
    ),
    family(
      "phase19_plan_gap_ratio",
      "gauge",
      "How far a plan is from its bound at most.",
      waves.map(({ wave, objective }): Sample => [{ wave }, objective.gap]),
    ),
    family("phase19_agents_down", "gauge", "Agents that are down now.", [
      [{}, new Set(waves.at(-1)?.down_agents).size],
    ]),
    family("phase19_health_score_ratio", "gauge", "Health of the run, of 1.", [[{}, healthOf(page)]]),
    family("phase19_alerts_total", "gauge", "Alerts of the run.", [[{}, page.alerts.length]]),
    family("phase19_pages_open", "gauge", "Pages that watch this run.", [[{}, numPages]]),
  ];
  return `${families.filter((text) => text !== "").join("\n")}\n`;
}

function healthOf({ health }: PageDocument): number | null {
  return health === null || health.score === null ? null : health.score / 100;
}

function latestEnd(tasks: PageDocument["waves"][number]["tasks"]): number {
  return tasks.reduce((latest, { end_ms }) => Math.max(latest, end_ms), 0);
}

function family(name: string, type: "gauge" | "counter", help: string, samples: readonly Sample[]): string {
  const lines = samples.flatMap(([labels, value]) => (value === null ? [] : [`${name}${labelsOf(labels)} ${value}`]));
  return lines.length === 0 ? "" : [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines].join("\n");
}

function labelsOf(labels: Sample[0]): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(String(value))}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escapeLabel(text: string): string {
  return text.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n");
}
