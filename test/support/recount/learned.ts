import { join } from "node:path";
import type { Recount } from "./documents.js";
import { type Inputs, mean, sum } from "./figures.js";
import { readDocument, readRows, type WaveRows } from "./rows.js";

type Compare = (place: string, told: unknown, counted: unknown) => void;
interface Count {
  readonly applications: number;
  readonly successes: number;
}
type Counts = Readonly<Record<string, Count>>;
interface State {
  readonly real: {
    readonly heuristic_weights: Readonly<Record<string, number>>;
    readonly heuristic_performance: Counts;
    readonly phase17_performance: Counts;
  };
}
interface Signal {
  readonly feedback_id: string;
  readonly description: string;
  readonly supporting_evidence: readonly string[];
}

/** Weights of rules, what each strategy reached, signals and the feedback of agents, counted from the rows. */
export function checkLearned(directory: string, recount: Recount, inputs: Inputs, compare: Compare): void {
  checkWeights(directory, recount.waves, inputs.isReal, compare);
  checkEffectiveness(directory, recount.waves, compare);
  const signals = readRows<Signal>(join(directory, "learning_signals.jsonl"));
  const verdict = signals.find(({ feedback_id: id }) => id === "P19_LS_STRATEGY_VALIDATION")!;
  const told = recount.figures.filter(({ actualRate }) => actualRate !== null);
  const waves = told.map((wave) => {
    const rates = `success ${wave.plannedRate!.toFixed(3)} planned, ${wave.actualRate!.toFixed(3)} achieved`;
    return `wave ${wave.wave}: accuracy ${recount.scoreOf(wave.wave)!.toFixed(3)}, ${rates}`;
  });
  compare("learning_signals.jsonl: waves", verdict.supporting_evidence.join("; "), waves.join("; "));
  const score = mean(told.map(({ wave }) => recount.scoreOf(wave)!))!;
  const isSaid = verdict.description.includes(`accuracy ${score.toFixed(3)} (${inputs.isReal ? "real" : "simulated"})`);
  compare(`learning_signals.jsonl: ${verdict.description}`, isSaid, true);
  for (const row of readRows<Signal>(join(directory, "optimization_feedback.jsonl"))) {
    const agentId = /^P19_AGENT_(.*)$/.exec(row.feedback_id)?.[1];
    if (agentId !== undefined) checkAgent(row, agentId, recount, inputs, compare);
  }
}

const NONE: Count = { applications: 0, successes: 0 };

/** One step of the weight for what was newly reported, one for what this run's own attempts showed; none for simulated ones. */
function checkWeights(directory: string, waves: readonly WaveRows[], isReal: boolean, compare: Compare): void {
  const [before, after] = ["state_before.json", "learned_state.json"].map(
    (name) => readDocument<State>(directory, name).real,
  );
  const told = readDocument<Record<string, number>>(directory, "heuristic_weights.json");
  const own = applicationsOf(waves);
  const ids = new Set([...Object.keys(told), ...Object.keys(after!.heuristic_performance), ...own.keys()]);
  for (const id of ids) {
    const grown = minus(after!.phase17_performance[id] ?? NONE, before!.phase17_performance[id] ?? NONE);
    const seen = isReal ? (own.get(id) ?? NONE) : NONE;
    const counted = after!.heuristic_performance[id] ?? NONE;
    const known = before!.heuristic_performance[id] ?? NONE;
    const all = [known, grown, seen];
    compare(`learned_state.json: applications of ${id}`, counted.applications, sum(all.map((one) => one.applications)));
    compare(`learned_state.json: successes of ${id}`, counted.successes, sum(all.map((one) => one.successes)));
    const weight = step(step(before!.heuristic_weights[id] ?? 1, grown), seen);
    compare(`heuristic_weights.json: ${id}`, told[id], weight);
    compare(`learned_state.json: weight of ${id}`, after!.heuristic_weights[id] ?? 1, weight);
  }
}

function minus(a: Count, b: Count): Count {
  return { applications: a.applications - b.applications, successes: a.successes - b.successes };
}

function step(weight: number, { applications, successes }: Count): number {
  if (applications === 0) return weight;
  const rate = successes / applications;
  return Math.min(1.5, Math.max(0.5, weight + (rate >= 0.8 ? 0.05 : rate <= 0.6 ? -0.05 : 0)));
}

/** Attempts that a rule was applied to, and their successes. */
function applicationsOf(waves: readonly WaveRows[]): ReadonlyMap<string, Count> {
  const counts = new Map<string, Count>();
  for (const { fault, status, heuristics_applied } of waves.flatMap(({ attempts }) => attempts)) {
    if (fault !== null) continue;
    for (const id of heuristics_applied) {
      const { applications, successes } = counts.get(id) ?? NONE;
      counts.set(id, { applications: applications + 1, successes: successes + (status === "completed" ? 1 : 0) });
    }
  }
  return counts;
}

/** Under `maximize_success`: successes over the sum of their chances, a mean over waves; none counts for more than twice its plan. */
function checkEffectiveness(directory: string, waves: readonly WaveRows[], compare: Compare): void {
  const told = readDocument<Record<string, number>>(directory, "strategy_effectiveness.json");
  const ratios = waves.flatMap(({ planned, scheduled }) => {
    const chanceOf = new Map(planned.map((plan) => [plan.task_id, plan.predicted_success_probability]));
    const done = scheduled.filter(({ status }) => status === "completed").length;
    return scheduled.length === 0
      ? []
      : [Math.min(2, done / sum(scheduled.map(({ task_id }) => chanceOf.get(task_id)!)))];
  });
  compare("strategy_effectiveness.json", told["maximize_success"], mean(ratios));
}

function checkAgent(row: Signal, agentId: string, { waves }: Recount, { slots }: Inputs, compare: Compare): void {
  const own = waves.flatMap(({ scheduled }) => scheduled).filter(({ agent_id: id }) => id === agentId);
  const done = own.filter(({ status }) => status === "completed").length;
  const foreseen = waves.flatMap(({ planned, scheduled }) => {
    const ran = new Set(scheduled.map(({ task_id }) => task_id));
    return planned.filter((plan) => plan.agent_id === agentId && ran.has(plan.task_id));
  });
  const spentMs = sum(
    waves
      .flatMap(({ attempts }) => attempts)
      .filter(({ agent_id: id }) => id === agentId)
      .map((one) => one.execution_time_ms),
  );
  const plannedMs = sum(foreseen.map((plan) => plan.predicted_duration_ms * (1 + plan.predicted_retries)));
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const chance = mean(foreseen.map((plan) => plan.predicted_success_probability));
  const planned = chance === null ? "none planned" : `${percent(chance)} planned`;
  const place = `optimization_feedback.jsonl: ${agentId}`;
  const words = `${agentId} ended ${own.length} tasks, ${percent(done / own.length)} with success (${planned})`;
  compare(place, row.description, words);
  const [successes, busy, used] = row.supporting_evidence;
  compare(place, successes, `${done} of ${own.length} tasks succeeded`);
  compare(place, busy, `busy ${spentMs.toFixed(0)} ms, ${plannedMs.toFixed(0)} ms planned`);
  const passedMs = sum(waves.map(({ scheduled }) => Math.max(0, ...scheduled.map((one) => one.actual_end_time))));
  compare(place, used, `utilization ${percent(Math.min(1, spentMs / ((slots.get(agentId) ?? 1) * passedMs)))}`);
}
