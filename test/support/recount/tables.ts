import { scoresOf } from "./calibration.js";
import { type WaveFigures, sum } from "./figures.js";
import type { Facts } from "./findings.js";
import { showGap, type Summary, verdictOf } from "./plans.js";
import { checkFileTable, type ReadFile } from "./read-files.js";
import { isShownAs, tablesOf } from "./shown.js";

type Compare = (what: string, text: string, value: number | string | null) => void;
type Rows = readonly string[][];
type Check = (rows: Rows, facts: Facts, compare: Compare) => void;

/** By the first titles of a table: how its cells are counted again. A table that is not here is a fault. */
const CHECKS: Readonly<Record<string, Check>> = {
  "Metric, Value": (rows, f, compare) => {
    for (const [name, value] of rows) compare(name!, value!, f.metrics[name!.replaceAll(" ", "_")]!.value);
  },
  "Wave, Success": (rows, f, compare) => rows.forEach((row) => checkComparison(row, f, compare)),
  "Wave, Tasks, Deferred": (rows, f, compare) => {
    for (const [wave, tasks, deferred, agents, strategy] of rows) {
      const counted = figuresOf(f, wave!);
      compare(`tasks of wave ${wave}`, tasks!, counted.total);
      compare(`deferred of wave ${wave}`, deferred!, counted.deferred);
      compare(`agents of wave ${wave}`, agents!, f.waves.find((one) => one.wave === Number(wave))!.agentIds.length);
      compare(`strategy of wave ${wave}`, strategy!, summaryOf(f, wave!).strategy);
    }
  },
  "Wave, Goal, This plan": (rows, f, compare) => checkWorth(rows, f, compare),
  "Wave, Search ended": (rows, f, compare) => {
    for (const [wave, termination, , , value, bound, gap] of rows) {
      const { objective, termination: told } = summaryOf(f, wave!);
      compare(`how the search of wave ${wave} ended`, termination!, told);
      compare(`value of wave ${wave}`, value!, objective.value);
      compare(`bound of wave ${wave}`, bound!, objective.bound);
      compare(`gap of wave ${wave}`, gap!, objective.gap === null ? null : showGap(objective.gap));
    }
  },
  "Wave, Tasks, Brier": (rows, f, compare) => checkScores(rows, f, compare),
  "Predicted, Tasks": (rows, f, compare) => {
    const bins = scoresOf(f.waves).bins.filter(({ count }) => count > 0);
    compare("bins with tasks", String(rows.length), bins.length);
    bins.forEach(({ from, to, count, predicted, observed, interval }, k) => {
      const [name, tasks, mean, share, ends, inside] = rows[k] ?? [];
      compare("bin", name!, `${Math.round(100 * from)} to ${Math.round(100 * to)} %`);
      compare(`tasks of ${name}`, tasks!, count);
      compare(`mean prediction of ${name}`, mean!, predicted);
      compare(`successes of ${name}`, share!, observed);
      ends!.split(" to ").forEach((end, side) => compare(`interval of ${name}`, end, interval![side]!));
      compare(`inside of ${name}`, inside!, predicted! >= interval![0] && predicted! <= interval![1] ? "yes" : "no");
    });
  },
  "Heuristic, Weight before": (rows, f, compare) => {
    for (const [id, before, after] of rows) {
      compare(`weight of ${id} before`, before!, f.weights.before[id!] ?? null);
      compare(`weight of ${id}`, after!, f.weights.after[id!] ?? null);
    }
  },
  // What a rule adds is an estimate by the model that planned: a tree does not hold the chances without the rule.
  "Heuristic, Adds to success": (rows, f, compare) => {
    const most = sum(f.waves.map(({ attempts }) => attempts.length));
    for (const [id, , , applied] of rows) compare(`applications of ${id}`, String(Number(applied) <= most), "true");
  },
  "Agent, Tasks": (rows, f, compare) => {
    for (const [agent, tasks, , success] of rows) {
      const own = f.waves.flatMap(({ scheduled }) => scheduled).filter((row) => row.agent_id === agent);
      const done = own.filter(({ status }) => status === "completed").length;
      compare(`tasks of ${agent}`, tasks!, own.length);
      compare(`success of ${agent}`, success!, own.length === 0 ? null : done / own.length);
    }
  },
  "Issue, What is known": (rows, f, compare) => {
    // Each is compared word by word with its entry; the words of the entries are counted as sentences.
    const told = rows.map((row) => row.map((cell) => cell.replaceAll("\\", "")).join(" · "));
    const found = f.issues.map(({ issue, analysis, recommendation }) => [issue, analysis, recommendation].join(" · "));
    if (found.length > 0) compare("issues", told.join("\n"), found.join("\n"));
    else compare("the one issue", String(told.length === 1 && told[0]!.startsWith("Nothing is wrong")), "true");
  },
  "What happened, What is known": (rows, f, compare) => {
    const failed = f.waves.flatMap(({ attempts }) => attempts).filter(({ status }) => status === "failed");
    for (const [what] of rows) {
      const [, count, agent] = /^(\d+) attempts? failed on (.*)$/.exec(what!.replaceAll("\\", "")) ?? [];
      if (agent === undefined) continue;
      const own = failed.filter((one) => one.agent_id === agent);
      compare(`failed attempts of ${agent}`, String(Number(count) <= own.length), "true");
    }
  },
  "Times, By": (rows, f, compare) => {
    compare("tasks put off", String(sum(rows.map(([times]) => Number(times)))), f.deferred.length);
    for (const stage of new Set(f.deferred.map((row) => row.stage))) {
      const own = rows.filter(([, by]) => by === stage);
      const times = f.deferred.filter((row) => row.stage === stage).length;
      compare(`put off by the ${stage}`, String(sum(own.map(([count]) => Number(count)))), times);
    }
  },
};

export function checkTables(report: string, facts: Facts, files: readonly ReadFile[]): string[] {
  const faults: string[] = [];
  const compare: Compare = (what, text, value) => {
    const isSo = typeof value === "string" ? text === value : isShownAs(text, value);
    if (!isSo) faults.push(`${what} is shown as ${text}, the rows give ${String(value)}`);
  };
  for (const { titles, rows } of tablesOf(report)) {
    if (titles[0] === "File") {
      checkFileTable(rows, files, (what, told, counted) => compare(what, String(told), String(counted)));
      continue;
    }
    const check = CHECKS[titles.slice(0, 2).join(", ")] ?? CHECKS[titles.slice(0, 3).join(", ")];
    if (check === undefined) faults.push(`nobody counts the table of ${titles.join(", ")}`);
    else check(rows, facts, compare);
  }
  return faults;
}

const figuresOf = ({ figures }: Facts, wave: string): WaveFigures => figures.find((one) => one.wave === Number(wave))!;
const summaryOf = ({ summaries }: Facts, wave: string): Summary => summaries.find((one) => one.wave === Number(wave))!;

function checkComparison(row: readonly string[], facts: Facts, compare: Compare): void {
  const [wave, success, pace, gain, makespan, retries, ...last] = row;
  const counted = figuresOf(facts, wave!);
  const summary = summaryOf(facts, wave!);
  const check = (what: string, cell: string, planned: number | null, actual: number | null): void => {
    const [before, after] = cell.split(" → ") as [string, string];
    compare(`planned ${what} of wave ${wave}`, before, planned);
    compare(`${what} of wave ${wave}`, after, actual);
  };
  const { assigned } = counted;
  const [, done, of] = /(\d+) of (\d+) /.exec(success!) ?? [];
  compare(`successes of wave ${wave}`, `${done} of ${of}`, `${assigned.completed} of ${assigned.tasks}`);
  check("success", success!.replace(/\d+ of \d+ \((.*)\)/, "$1"), counted.plannedRate, counted.actualRate);
  check("throughput", pace!, summary.planned_throughput, counted.throughputPerS);
  check("gain", gain!, counted.plannedGain, counted.actualGain);
  check("makespan", makespan!, summary.planned_makespan_ms, counted.makespanMs);
  compare(`retries of wave ${wave}`, retries!, counted.retries);
  const [late, adherence] = last.length === 1 ? [null, last[0]!] : [last[0]!, last[1]!];
  const { timed, planned, actual } = counted.late;
  if (late !== null && timed > 0)
    compare(`late tasks of wave ${wave}`, late, `${planned.length} → ${actual.length} of ${timed}`);
  compare(`adherence of wave ${wave}`, adherence, counted.adherence);
}

function checkWorth(rows: Rows, { summaries }: Facts, compare: Compare): void {
  for (const [wave, , own, best, , leftOut, verdict] of rows) {
    const compared = summaries.flatMap(({ wave: number, baseline }) => {
      return baseline !== null && (wave === "total" || number === Number(wave)) ? [baseline] : [];
    });
    const total = (value: (one: (typeof compared)[number]) => number): number => sum(compared.map(value));
    const [ownValue, value] = [total((one) => one.own_value), total((one) => one.value)];
    const [ownWeight, weight] = [total((one) => one.own_deferred_weight), total((one) => one.deferred_weight)];
    compare(`value of ${wave}`, own!, ownValue);
    compare(`best heuristic of ${wave}`, best!, value);
    const [planned, heuristic] = leftOut!.split(" / ") as [string, string];
    compare(`left out of ${wave}`, planned, ownWeight);
    compare(`left out by the heuristic of ${wave}`, heuristic, weight);
    const sums = { own_value: ownValue, value, deferred_weight: weight, own_deferred_weight: ownWeight };
    const word = verdictOf({ ...compared[0]!, ...sums });
    const byGoal = ownWeight === weight && word !== "equal" && value !== 0;
    const by = byGoal ? `${word} by ${showGap(Math.abs(ownValue - value) / Math.abs(value))}` : word;
    compare(`verdict of ${wave}`, verdict!.replace(/ \(leaves .* out\)$/, ""), by);
  }
}

function checkScores(rows: Rows, { waves }: Facts, compare: Compare): void {
  for (const [label, tasks, brier, expected, loss, ends, attempts] of rows) {
    const counted = scoresOf(label === "all" ? waves : waves.filter(({ wave }) => wave === Number(label)));
    compare(`tasks of ${label}`, tasks!, counted.tasks);
    compare(`Brier of ${label}`, brier!, counted.brier);
    compare(`Brier if right of ${label}`, expected!, counted.expectedBrier);
    compare(`log loss of ${label}`, loss!, counted.logLoss);
    const { count, covered } = counted.ends;
    const [, held, of, share] = /^(\d+) of (\d+) \((.*)\)$/.exec(ends!) ?? [];
    compare(`ends of ${label}`, `${held} of ${of}`, `${covered} of ${count}`);
    compare(`share of ends of ${label}`, share ?? "", covered / count);
    compare(`attempts of ${label}`, / of (\d+) /.exec(attempts!)?.[1] ?? "0", counted.attempts);
  }
}
