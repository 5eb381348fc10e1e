import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Recount } from "./documents.js";
import { healthOf, sum } from "./figures.js";
import { type Deferred, readDocument, readRows } from "./rows.js";
import { type Alert, type Facts, FINDINGS, type Form, isNearShown, type Issue } from "./findings.js";
import { scoresOf } from "./calibration.js";
import { isShownAs } from "./shown.js";
import { failuresOf } from "./failures.js";
import { type Summary, verdictOf } from "./plans.js";
import { checkTables } from "./tables.js";
import { VERDICTS } from "./verdict.js";

/** Every sentence and table of the report, of the alerts and of optimization_report.json that holds a number. @returns faults */
export function recountReport(directory: string, recount: Recount): string[] {
  const { optimizations, what_to_do: advice } = readDocument<{ optimizations: Issue[]; what_to_do: string[] }>(
    directory,
    "optimization_report.json",
  );
  const facts: Facts = {
    ...{ ...recount, directory, deferred: recount.waves.flatMap(({ deferred }) => deferred) },
    numAnomalies: readRows(join(directory, "anomalies.jsonl")).length,
    alerts: readDocument<Alert[]>(directory, "alerts.json"),
    summaries: recount.waves.map(({ wave }) => readDocument<Summary>(directory, `wave_${wave}/wave_summary.json`)),
    effectiveness: readDocument<Record<string, number>>(directory, "strategy_effectiveness.json"),
    weights: { before: weightsIn(directory, "state_before.json"), after: weightsIn(directory, "learned_state.json") },
    issues: optimizations.filter(({ issue }) => !issue.startsWith("Nothing is wrong")),
    numHeuristics: sum(recount.files.filter(({ file }) => file.endsWith("heuristics.jsonl")).map(({ rows }) => rows)),
  };
  const report = readFileSync(join(directory, "PHASE_19_AUTONOMOUS_OPTIMIZATION.md"), "utf8");
  const prose = [
    ...report.split("\n").filter((line) => !line.startsWith("|")),
    ...facts.alerts.flatMap(({ message, action }) => [message, action]),
    ...optimizations.flatMap(({ issue, analysis, recommendation }) => [issue, analysis, recommendation]),
    ...advice,
  ];
  const sentences = prose.flatMap(sentencesOf).filter((sentence) => /\d/.test(sentence));
  return [...sentences.flatMap((sentence) => judge(sentence, facts)), ...checkTables(report, facts, recount.files)];
}

function weightsIn(directory: string, name: string): Readonly<Record<string, number>> {
  return readDocument<{ real: { heuristic_weights: Record<string, number> } }>(directory, name).real.heuristic_weights;
}

/** Lines in sentences, without the marks of lists and headings. */
function sentencesOf(line: string): string[] {
  const plain = line
    .trim()
    .replace(/^(?:#+|[->]|\d+\.) /, "")
    .replaceAll("**", "")
    .replaceAll("\\", "")
    .replace(/^Simulated: /, "");
  return plain.split(/(?<=[.;]) (?=[A-Z0-9])/);
}

const finals = ({ deferred }: Facts): Deferred[] => deferred.filter(({ final }) => final);
const ofWave = (rows: readonly Deferred[], wave: string): Deferred[] => rows.filter((row) => row.wave === Number(wave));

/** What a sentence must say, by its form. A sentence with a number that no form fits is a fault: nobody counts it. */
const FORMS: readonly Form[] = [
  [/^Phase 19: Autonomous Optimization/, () => true],
  [/^Run `/, () => true],
  [/^Strategy .*, seed \d+, version/, () => true],
  [/^Simulated\./, () => true],
  [
    /^Health(?: \(simulated\))?: ([\d.]+) of 100, [A-Z]+/,
    ([score], f) => isShownAs(score!, healthOf(f.metrics, f.numAnomalies)),
  ],
  ...VERDICTS,
  [
    /^The safety gate approved (\d+) and deferred (\d+)/,
    ([approved, deferred], f) => {
      const gate = f.waves.flatMap((wave) => wave.gate);
      const isSo = (word: string, count: string): boolean =>
        gate.filter(({ approval }) => approval === word).length === Number(count);
      return isSo("approved", approved!) && isSo("deferred", deferred!);
    },
  ],
  [
    /^No live gate had cleared the (\d+) tasks? of the plan: it would have held back (\d+) of them\.$/,
    ([approved, held], f) => {
      const passed = f.waves.flatMap((wave) => wave.gate).filter(({ approval }) => approval === "approved");
      const late = passed.filter(({ live_approval: live }) => live === "deferred");
      return passed.length === Number(approved) && late.length === Number(held);
    },
  ],
  [
    /^Besides, (\d+) were held back\.$/,
    ([held], f) =>
      f.waves.flatMap((wave) => wave.gate).filter(({ approval }) => approval === "deferred").length === Number(held),
  ],
  [
    /^In waves? (.+) the threshold for HIGH was lowered by H16_004, as allowed on the command line\.$/,
    ([list], f) => {
      const lowered = f.waves.filter(({ gate }) => gate.some(({ reason }) => reason.includes("(lowered by H16_004)")));
      return (
        list!
          .split(/, | and /)
          .map(Number)
          .join() === lowered.map(({ wave }) => wave).join()
      );
    },
  ],
  [
    /^Of (\d+) tasks? with a deadline, (none|\d+) ended after it(?: \((.+)\))?;(?: none was planned to\.)?$/,
    ([timed, ended, names], f) => {
      const actual = f.figures.flatMap(({ late }) => late.actual);
      const named = (names ?? "")
        .split(/, | and /)
        .filter((name) => name !== "" && !/^\d+ (?:more|others?)$/.test(name));
      return (
        sum(f.figures.map(({ late }) => late.timed)) === Number(timed) &&
        actual.length === (ended === "none" ? 0 : Number(ended)) &&
        named.every((name) => actual.includes(name))
      );
    },
  ],
  [
    /^(\d+) (?:was|were) planned to\.$/,
    ([planned], f) => sum(f.figures.map(({ late }) => late.planned.length)) === Number(planned),
  ],
  [/^Tasks were put off (\d+) times?;?$/, ([times], f) => Number(times) === f.deferred.length],
  [
    /^Tasks were put off (\d+) times?; (\d+) tasks? never ran\.$/,
    ([times, never], f) => Number(times) === f.deferred.length && Number(never) === finals(f).length,
  ],
  [/^(\d+) tasks? never ran\.$/, ([never], f) => Number(never) === finals(f).length],
  [
    /^Better in (\d+), equal in (\d+), worse in (\d+) of (\d+) waves? compared/,
    ([better, equal, worse, waves], f) => {
      const verdicts = f.summaries.flatMap(({ baseline }) => (baseline === null ? [] : [verdictOf(baseline)]));
      const isSo = (word: string, count: string): boolean =>
        verdicts.filter((verdict) => verdict === word).length === Number(count);
      const isWhole = Number(waves) === verdicts.length;
      return isWhole && isSo("better", better!) && isSo("equal", equal!) && isSo("worse", worse!);
    },
  ],
  [
    /^(\d+) waves? had nothing to compare with\.$/,
    ([count], f) => f.summaries.filter(({ baseline }) => baseline === null).length === Number(count),
  ],
  [
    /^(\d+) of (\d+) mean predictions? (?:lies|lie) outside/,
    ([outside, judged], f) => {
      const bins = scoresOf(f.waves).bins.filter(({ count }) => count > 0);
      const out = bins.filter(({ predicted, interval }) => predicted! < interval![0] || predicted! > interval![1]);
      return bins.length === Number(judged) && out.length === Number(outside);
    },
  ],
  [/^On average they are ([\d.]+) % apart\.$/, ([error], f) => isShownAs(`${error} %`, scoresOf(f.waves).error)],
  [
    /^Of (\d+) ends?, (\d+) fell into the 90 % interval, (as|fewer|more)/,
    ([count, covered, verdict], f) => {
      const { ends } = scoresOf(f.waves);
      if (ends.count !== Number(count) || ends.covered !== Number(covered)) return false;
      // Wilson's interval: both ends solve (p̂ − p)² = z² p (1 − p) / n.
      const distance = Math.abs(ends.covered / ends.count - 0.9) / Math.sqrt(0.09 / ends.count);
      const isBelow = ends.covered / ends.count < 0.9;
      return verdict === (distance <= 1.959963984540054 ? "as" : isBelow ? "fewer" : "more");
    },
  ],
  [/^(\d+) tasks? are few: /, ([tasks], f) => Number(tasks) === scoresOf(f.waves).tasks],
  [
    /^Achieved of what was planned, by strategy: (\w+) ([\d.]+ %)\.$/,
    ([name, share], f) => isShownAs(share!, f.effectiveness[name!] ?? null),
  ],
  [
    /^No heuristic weight moved: (.*)\.$/,
    ([list], f) =>
      list ===
      Object.entries(f.weights.after)
        .sort()
        .map(([id, weight]) => `${id} ${weight}`)
        .join(", "),
  ],
  [/^Heuristics read: (\d+)\.$/, ([count], f) => f.numHeuristics === Number(count)],
  [
    /^(\d+) of (\d+) tasks of wave (\d+) were put off for good\.$/,
    ([count, all, wave], f) =>
      ofWave(finals(f), wave!).filter(({ stage }) => stage !== "unreported").length === Number(count) &&
      f.figures.find((one) => one.wave === Number(wave))!.total === Number(all),
  ],
  [
    /^(\d+) of (\d+) tasks of wave (\d+) (?:was|were) not reported, and counts? on neither side\.$/,
    ([count, all, wave], f) =>
      ofWave(f.deferred, wave!).filter(({ stage }) => stage === "unreported").length === Number(count) &&
      f.figures.find((one) => one.wave === Number(wave))!.total === Number(all),
  ],
  [
    /^(\d+) tasks? not reported(?:, such as \S+\.)?$/,
    ([count], f) => f.deferred.filter(({ stage }) => stage === "unreported").length === Number(count),
  ],
  [
    /^(\S+) was put off (\d+) times, the last time in wave (\d+)\.$/,
    ([id, times, wave], f) =>
      f.deferred.some((row) => row.task_id === id && row.wave === Number(wave) && row.waves_waited === Number(times)),
  ],
  // How many of a wave's final deferrals one cure is for: together they are all of them.
  [
    /^(\d+) (?:lacks? only|(?:has|have) too|(?:has|have) a risk|waits? for|cost more|found no place|(?:was|were) not started|(?:was|were) cut off)/,
    ([count], f) => Number(count) <= finals(f).length,
  ],
  [
    /^([A-Z][a-z ]+) is ([\d.]+) over (\d+) tasks, far below/,
    ([name, value, tasks], f) =>
      isNearShown(value!, f.metrics[name!.toLowerCase().replaceAll(" ", "_")]?.value ?? null) &&
      Number(tasks) === sum(f.waves.map(({ scheduled }) => scheduled.length)),
  ],
  [
    /^Health is (\d+) of 100 \(POOR\); weakest: [a-z ]+ at \d+\.$/,
    ([score], f) => isNearShown(score!, healthOf(f.metrics, f.numAnomalies)),
  ],
  [/^Health is (\d+) of 100 \(POOR\);$/, ([score], f) => isNearShown(score!, healthOf(f.metrics, f.numAnomalies))],
  [
    /^(?:[A-Z][a-z ]+ is )?([\d.]+) % over (\d+) waves?, below the minimum of [\d.]+ %\.$/,
    ([value], f) => Object.values(f.metrics).some((metric) => isNearShown(value!, 100 * metric.value!)),
  ],
  [
    /^Tasks put off (\d+) times? by the (\w+)(?:, such as \S+\.)?$/,
    ([times, stage], f) => f.deferred.filter((row) => row.stage === stage).length >= Number(times),
  ],
  [
    /^(\d+) tasks? failed on (\S+) in wave (\d+)$/,
    ([count, agent, wave], f) => failedOn(f, agent!, wave!) >= Number(count),
  ],
  [/^(\d+) tasks? did not run in wave (\d+)$/, ([count, wave], f) => ofWave(finals(f), wave!).length >= Number(count)],
  ...FINDINGS,
  [
    /^Look into the cause on (.+); until/,
    ([agents], f) =>
      agents!.split(/, | and /).every((agent) => f.waves.some(({ agentIds }) => agentIds.includes(agent))),
  ],
  // The drawing of a wave: its bars are the planned times, in whole milliseconds.
  [/^title Wave (\d+), as planned$/, ([wave], f) => f.waves.some((one) => one.wave === Number(wave))],
  [/^section (\S+)$/, ([id], f) => f.waves.some(({ agentIds }) => agentIds.includes(id!))],
  [
    /^(\S+) :(?:(?:done|crit|active), )*(\d+), (\d+)$/,
    ([id, start, end], f) => {
      const plan = f.waves.flatMap(({ planned }) => planned).find(({ task_id }) => task_id === id);
      return (
        plan !== undefined &&
        Math.abs(plan.planned_start_time - Number(start)) <= 1 &&
        Math.abs(plan.planned_end_time - Number(end)) <= 1
      );
    },
  ],
  // Reasons of single tasks, quoted as their rows have them.
  [
    /(?:risk (?:needs a|at) confidence|placing it breaks|it depends on|depends on|waits for|no outcome was reported|the budget of|is down|was interrupted|A rehearsal approves|Phase 16 gave|held back)/,
    () => true,
  ],
  [/^(?:executor|out of|no retries|not retried|predecessor|not started|not planned|blocked|over budget)/, () => true],
  [
    /^(\d+) of (\d+) failures are (\w+)/,
    ([count, all, cause], f) => {
      const failures = f.waves.flatMap(failuresOf);
      const own = failures.filter((one) => one.cause === null || one.cause === cause!.replaceAll("_", " "));
      return failures.length === Number(all) && own.length >= Number(count);
    },
  ],
  // Signals, weights, rules and reliability: their figures are counted in the documents and by the learner's own tests.
  [
    /^(?:strategy validation|heuristic update|schedule adjustment|Plan |Try another strategy|A Brier score|Nine ends|Weights moved|H16_|Evidence:|Absent:|prediction error|schedule drift|performance degradation|optimization failure|Not known|Skipped|Unknown|Fields)/,
    () => true,
  ],
];

function failedOn({ waves }: Facts, agentId: string, wave: string): number {
  const rows = waves.find((one) => one.wave === Number(wave))!;
  return rows.scheduled.filter((row) => row.agent_id === agentId && row.status === "failed").length;
}

function judge(sentence: string, facts: Facts): string[] {
  const dated = /^By wave (\d+): (.*)$/.exec(sentence);
  if (dated !== null) {
    const [, last, rest] = dated;
    return judge(rest!, { ...facts, waves: facts.waves.filter(({ wave }) => wave <= Number(last)) });
  }
  const form = FORMS.find(([pattern]) => pattern.test(sentence));
  if (form === undefined) return [`nobody counts: ${sentence}`];
  const [pattern, check] = form;
  return check(pattern.exec(sentence)!.slice(1), facts) ? [] : [`is not so: ${sentence}`];
}
