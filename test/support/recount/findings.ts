import type { Recount } from "./documents.js";
import { failuresOf } from "./failures.js";
import { sum } from "./figures.js";
import type { Summary } from "./plans.js";
import type { Deferred, Planned, Scheduled } from "./rows.js";

export interface Alert {
  readonly alert_id: string;
  readonly severity: string;
  readonly source: string;
  readonly message: string;
  readonly action: string;
}

/** An entry of `optimization_report.json`. */
export type Issue = Readonly<Record<"issue" | "analysis" | "recommendation", string>>;

/** What the sentences of a tree may say, counted again. */
export interface Facts extends Recount {
  readonly directory: string;
  readonly deferred: readonly Deferred[];
  readonly numAnomalies: number;
  readonly alerts: readonly Alert[];
  /** Without the entry that says that nothing is wrong. */
  readonly issues: readonly Issue[];
  readonly summaries: readonly Summary[];
  readonly effectiveness: Readonly<Record<string, number>>;
  readonly weights: Readonly<Record<"before" | "after", Readonly<Record<string, number>>>>;
  readonly numHeuristics: number;
}

type Check = (groups: readonly string[], facts: Facts) => boolean;

/** A form of sentence, and whether what it says is so. */
export type Form = readonly [RegExp, Check];

/** Sentences of anomalies. */
export const FINDINGS: readonly Form[] = [
  [
    /^(\S+) succeeded in (\d+) % of its own (\d+) tasks where (\d+) % were predicted: a deficit of (\d+) points\./,
    ([agent, share, count, predicted], f) => isDeficit(f, agent!, [share, count, predicted].map(Number)),
  ],
  [
    /^(\S+) reached (\d+) % of what it planned for its goal \(expected successes\) over (\d+) tasks\./,
    ([, share, count], f) => {
      const planOf = plansOf(f);
      const rows = f.waves.flatMap(({ scheduled }) => scheduled);
      const planned = sum(rows.map((row) => planOf.get(row.task_id)!.predicted_success_probability));
      const done = rows.filter(({ status }) => status === "completed").length;
      return rows.length === Number(count) && isNearShown(share!, (100 * done) / planned);
    },
  ],
  [
    /^[A-Z][a-z ]+ in waves? (.+) \((.+)\)$/,
    ([waves, agents], f) =>
      waves!.split(/, | and /).every((wave) => f.waves.some((one) => one.wave === Number(wave))) &&
      agents!.split(", ").every((id) => f.waves.some(({ agentIds }) => agentIds.includes(id))),
  ],
  // Evidence of a test: its statistics are those of the monitor's own tests.
  [/effect -?[\d.]+, threshold [\d.]+/, () => true],
  [
    /^(\d+) % of (\d+) tasks succeeded where (\d+) % were predicted: \d+ points below the plan\./,
    ([share, count, predicted], f) => {
      const rows = f.waves.flatMap(({ scheduled }) => scheduled);
      return isRate(rows, plansOf(f), [share, count, predicted].map(Number));
    },
  ],
  [
    /^(\S+) took \d+ % longer than predicted over (\d+) attempts;$/,
    ([agent, count], f) => {
      const planOf = plansOf(f);
      const own = f.waves
        .flatMap(({ attempts }) => attempts)
        .filter((one) => {
          const plan = planOf.get(one.task_id)!;
          return one.agent_id === agent && plan.agent_id === agent && plan.duration_is_default !== true;
        });
      return own.length === Number(count);
    },
  ],
  [
    /^([\d.]+) % of (\d+) tasks that ran succeeded where ([\d.]+) % were predicted \(z = -?[\d.]+\)\.$/,
    ([share, count, predicted], f) => {
      const planOf = plansOf(f);
      const rows = f.waves.flatMap(({ scheduled }) => scheduled);
      const chances = sum(rows.map((row) => planOf.get(row.task_id)!.predicted_success_probability));
      const isSo = (shown: string, value: number): boolean => isNearShown(shown, (100 * value) / rows.length);
      const done = rows.filter(({ status }) => status === "completed").length;
      return Number(count) === rows.length && isSo(share!, done) && isSo(predicted!, chances);
    },
  ],
  [
    /^achieved ([\d.]+) % of its own goal over (\d+) waves?\.$/,
    ([share, waves], f) =>
      Object.values(f.effectiveness).some((ratio) => isNearShown(share!, 100 * ratio)) &&
      f.waves.length >= Number(waves),
  ],
  [
    /^(\d+) of (\d+) tasks? that (?:was|were) not completed [a-z ]+(?:, such as (.*))?\.$/,
    ([count, all, named = ""], f) => {
      const failures = f.waves.flatMap(failuresOf);
      const numFailed = failures.filter(({ agentId }) => agentId !== null).length;
      const numLeft = f.deferred.filter(({ final, stage }) => final && stage !== "unreported").length + numFailed;
      const ids = named.split(", ").filter((id) => id !== "");
      return (
        numLeft === Number(all) &&
        Number(count) <= Number(all) &&
        ids.every((id) => failures.some((one) => one.taskId === id))
      );
    },
  ],
  [
    /^(\d+) tasks? that waits? for (?:it|them) (?:was|were) not begun\.$/,
    ([count], f) => f.deferred.filter(({ stage, final }) => final && stage === "execution").length >= Number(count),
  ],
  [/^(\d+) waves? (?:has|have) no plan(?:, .*)?\.$/, ([count], f) => Number(count) <= f.waves.length],
  // What to do about a cause names the rule that allows retries.
  [/^Allow retries for such a risk \(rule H16_003\)/, () => true],
  [
    /^(\d+) tasks? failed for good\.$/,
    ([count], f) => f.waves.flatMap(failuresOf).filter(({ agentId }) => agentId !== null).length === Number(count),
  ],
  [
    /^(\d+) % of its tasks kept to the schedule\.$/,
    ([share], f) => keptShares(f).some(([kept, tasks]) => isNearShown(share!, (100 * kept) / tasks)),
  ],
  [
    /^(\d+) % of (\d+) tasks kept to the schedule/,
    ([share, count], f) => {
      const [kept, tasks] = keptShares(f).reduce(([a, b], [c, d]) => [a + c, b + d], [0, 0]);
      return tasks === Number(count) && isNearShown(share!, (100 * kept) / tasks);
    },
  ],
];

/** Tasks that kept to their schedule, and those that were judged, by planned agent. */
function keptShares({ waves }: Facts): [kept: number, tasks: number][] {
  const counts = new Map<string, [number, number]>();
  for (const { planned, scheduled } of waves) {
    const guesses = new Set(planned.filter((plan) => plan.duration_is_default).map(({ task_id }) => task_id));
    for (const row of scheduled.filter(({ task_id }) => !guesses.has(task_id))) {
      const [kept, tasks] = counts.get(row.planned_agent_id) ?? [0, 0];
      counts.set(row.planned_agent_id, [kept + (row.adhered ? 1 : 0), tasks + 1]);
    }
  }
  return [...counts.values()];
}

function plansOf({ waves }: Facts): Map<string, Planned> {
  return new Map(waves.flatMap(({ planned }) => planned).map((plan) => [plan.task_id, plan]));
}

/** Tasks that an agent was planned to do or did: the monitor looks at those that it both was planned for and began. */
function isDeficit(facts: Facts, agentId: string, [share, count, predicted]: readonly number[]): boolean {
  const planOf = plansOf(facts);
  const rows = facts.waves.flatMap(({ scheduled }) => scheduled).filter((row) => row.planned_agent_id === agentId);
  const own = rows.filter((row) => row.agent_id === agentId);
  return [rows, own].some((tasks) => isRate(tasks, planOf, [share!, count!, predicted!]));
}

function isRate(
  rows: readonly Scheduled[],
  planOf: ReadonlyMap<string, Planned>,
  [share, count, predicted]: readonly number[],
): boolean {
  const done = rows.filter(({ status }) => status === "completed").length;
  const chances = sum(rows.map((row) => planOf.get(row.task_id)!.predicted_success_probability));
  const isSo = (shown: number, value: number): boolean => Math.abs(shown - (100 * value) / rows.length) <= 0.5 + 1e-9;
  return rows.length === count && isSo(share!, done) && isSo(predicted!, chances);
}

export function isNearShown(text: string, value: number | null): boolean {
  const decimals = text.split(".")[1]?.length ?? 0;
  return value !== null && Math.abs(Number(text) - value) <= 0.5 * 10 ** -decimals + 1e-9;
}
