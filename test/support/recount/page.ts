import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Recount } from "./documents.js";
import { mean, type WaveFigures } from "./figures.js";
import { readDocument, type WaveRows } from "./rows.js";

type Compare = (place: string, told: unknown, counted: unknown) => void;
type Row = Readonly<Record<string, unknown>>;

/** What the data in the HTML says; the page's script only draws it. */
interface Shown {
  readonly headline: readonly string[];
  readonly advice: readonly string[];
  readonly issues: readonly Row[];
  readonly tasks: Row;
  readonly waves: readonly {
    readonly wave: number;
    readonly counts: Row;
    readonly planned: Row;
    readonly actual: Row;
    readonly agents: readonly Row[];
    readonly tasks: readonly { readonly task_id: string; readonly state: string; readonly attempts: readonly Row[] }[];
  }[];
}

/** HTML against the rows, against the JSON documents and against the Markdown. @returns faults */
export function recountPage(directory: string, { waves, figures }: Recount): string[] {
  const html = readFileSync(join(directory, "PHASE_19_AUTONOMOUS_OPTIMIZATION.html"), "utf8");
  const markdown = readFileSync(join(directory, "PHASE_19_AUTONOMOUS_OPTIMIZATION.md"), "utf8").replaceAll("\\", "");
  const page = JSON.parse(/<script type="application\/json" id="data">(.*?)<\/script>/s.exec(html)![1]!) as Shown;
  const faults: string[] = [];
  const compare: Compare = (place, told, counted) => {
    const isNear =
      typeof told === "number" &&
      typeof counted === "number" &&
      Math.abs(told - counted) <= 1e-9 * Math.max(1, Math.abs(told));
    const isSame = isNear || JSON.stringify(told ?? null) === JSON.stringify(counted ?? null);
    if (!isSame) faults.push(`page: ${place} is ${JSON.stringify(told)}, elsewhere ${JSON.stringify(counted)}`);
  };
  const report = readDocument<{ optimizations: Row[]; what_to_do: string[] }>(directory, "optimization_report.json");
  compare("tasks", page.tasks, readDocument<Row>(directory, "phase19_summary.json")["tasks"]);
  compare("issues", page.issues, report.optimizations);
  compare("advice", page.advice, report.what_to_do);
  for (const sentence of page.headline) compare(sentence, markdown.includes(`\n- ${sentence}\n`), true);
  for (const [k, advice] of page.advice.entries()) compare(advice, markdown.includes(`\n${k + 1}. ${advice}\n`), true);
  for (const wave of page.waves) {
    const counted = figures.find((one) => one.wave === wave.wave)!;
    checkWave(wave, counted, compare);
    checkAgents(
      wave,
      waves.find((one) => one.wave === wave.wave)!,
      compare,
    );
  }
  return faults;
}

function checkWave(
  { wave, counts, planned, actual }: Shown["waves"][number],
  counted: WaveFigures,
  compare: Compare,
): void {
  const { total, completed, failed, deferred, retries, assigned } = counted;
  const expected: Row = { total, completed, failed, deferred, retries, assigned: assigned.tasks };
  for (const [name, value] of Object.entries(expected)) compare(`${name} of wave ${wave}`, counts[name], value);
  compare(`planned success of wave ${wave}`, planned["success_rate"], counted.plannedRate);
  compare(`success of wave ${wave}`, actual["success_rate"], counted.actualRate);
  compare(`time of wave ${wave}`, actual["makespan_ms"], counted.makespanMs);
  compare(`pace of wave ${wave}`, actual["throughput_per_s"], counted.throughputPerS);
}

function checkAgents({ wave, agents, tasks }: Shown["waves"][number], rows: WaveRows, compare: Compare): void {
  compare(`agents of wave ${wave}`, agents.map((agent) => agent["agent_id"]).sort(), rows.agentIds);
  for (const agent of agents) {
    const id = agent["agent_id"] as string;
    const own = rows.scheduled.filter((row) => row.agent_id === id);
    const done = own.filter(({ status }) => status === "completed");
    compare(`tasks that ended on ${id} in wave ${wave}`, agent["ended"], own.length);
    compare(`tasks that ${id} completed in wave ${wave}`, agent["completed"], done.length);
    compare(
      `success of ${id} in wave ${wave}`,
      agent["actual_success_rate"],
      own.length === 0 ? null : done.length / own.length,
    );
    const plans = rows.planned.filter((plan) => plan.agent_id === id);
    compare(`tasks planned for ${id} in wave ${wave}`, agent["tasks"], plans.length);
    const chance = mean(plans.map((plan) => plan.predicted_success_probability));
    compare(`chance of ${id} in wave ${wave}`, agent["planned_success_rate"], chance);
  }
  for (const { task_id, state, attempts } of tasks) {
    const row = rows.scheduled.find((one) => one.task_id === task_id);
    compare(`state of ${task_id}`, state, row?.status ?? "planned");
    compare(`attempts of ${task_id}`, attempts.length, row === undefined ? 0 : row.retry_count + 1);
  }
}
