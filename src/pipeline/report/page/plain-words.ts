import { type GateReport, nameSome } from "../../../domain/index.js";
import type { PageDocument, PageWave } from "../../../domain/schemas/index.js";
import { countOf, formatDuration, formatGap, formatNumber, formatPercent } from "../format.js";
import { NOTHING_WRONG } from "../optimization-report.js";

/** The verdict on a run or a plan in a few sentences. Page, Markdown report and terminal show these and no others. */

type Page = Omit<PageDocument, "headline">;

export function describeRun(page: Page): string[] {
  return [
    describeTasks(page),
    describeProof(page.waves),
    describeSuccess(page.waves),
    describeTime(page.waves),
    describeDeadlines(page),
    describeNotGuessed(page.waves.flatMap(({ deferred }) => deferred)),
    describeAttention(page),
  ].filter((sentence) => sentence !== "");
}

/** A plan that nobody has run. */
export function describePlan(page: Page): string[] {
  const [wave] = page.waves;
  if (wave === undefined) return [];
  const { total, deferred } = wave.counts;
  if (wave.objective.value === null) return describeNoPlan(page, wave);
  const placed = `${total - deferred} of ${countOf(total, "task")} ${total === 1 ? "has an agent" : "have an agent"}`;
  const reason = deferred === 1 ? "with its reason below" : "each with its reason below";
  const rest = deferred === 0 ? "" : `; ${deferred} ${deferred === 1 ? "is" : "are"} left out, ${reason}`;
  const { success_rate, makespan_ms } = wave.planned;
  // The chance of success is the plan's; that of a forecast is of started tasks, and would be another number.
  const time = wave.planned_makespan_of === "forecast" ? "the forecast of its time, with chance, is" : "it ends at";
  const expected =
    success_rate === null
      ? ""
      : `The plan expects ${formatPercent(success_rate)} of them to succeed; ${time} ${formatDuration(makespan_ms)}.`;
  return [`${placed}${rest}.`, describeProof(page.waves), expected].filter((sentence) => sentence !== "");
}

/** Why there is no plan, and where it says what would help. */
function describeNoPlan({ issues }: Page, { termination }: PageWave): string[] {
  if (termination !== "infeasible")
    return [`There is no plan (${words(termination)}): none was found within the limit.`];
  const reasons = issues.map(
    ({ analysis }) => `${analysis.charAt(0).toUpperCase()}${analysis.slice(1).replace(/\.$/, "")}.`,
  );
  return ["There is no plan: the wave is infeasible, that is, no plan can keep every limit.", ...reasons];
}

function words(termination: string): string {
  return termination.replaceAll("_", " ");
}

function describeTasks({ tasks, state, waves }: Page): string {
  const { total, completed, failed, deferred, open, retries, reassigned } = tasks;
  const unreported = waves.reduce((sum, wave) => sum + wave.deferred.filter(isUnreported).length, 0);
  const ofThem = unreported === 0 ? "" : ` (${unreported} of them not reported)`;
  const parts = [
    `${completed} of ${countOf(total, "task")} ${completed === 1 || total === 1 ? "was" : "were"} completed`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(deferred > 0 ? [`${deferred} deferred${ofThem}`] : []),
    ...(open > 0 && state !== "running" ? [`${open} still open`] : []),
  ];
  const more = [
    ...(retries > 0 ? [retries === 1 ? "1 retry" : `${retries} retries`] : []),
    ...(reassigned > 0 ? [countOf(reassigned, "reassignment")] : []),
  ];
  const begun = state === "running" ? "So far " : state === "interrupted" ? "The run was interrupted: " : "";
  return `${begun}${parts.join(", ")}${more.length === 0 ? "" : `; ${more.join(", ")}`}.`;
}

function isUnreported({ stage }: PageWave["deferred"][number]): boolean {
  return stage === "unreported";
}

function describeProof(waves: readonly PageWave[]): string {
  const planned = waves.filter(({ objective }) => objective.value !== null);
  if (planned.length === 0) return waves.length === 0 ? "" : `No wave has a plan (${words(waves[0]!.termination)}).`;
  // A plan without agents or tasks leaves nothing to choose.
  const chosen = planned.filter(({ counts }) => counts.total > counts.deferred);
  if (chosen.length === 0) return "No task has an agent: there was nothing to choose.";
  const numBest = chosen.filter(({ termination }) => termination === "optimal").length;
  const one = chosen.length === 1;
  if (numBest === chosen.length) {
    return `${one ? "The plan is" : `Each of the ${chosen.length} plans is`} proven best for its goal: no other plan reaches more.`;
  }
  const open = chosen.filter(({ termination }) => termination !== "optimal");
  const distance = describeDistance(open);
  if (one) {
    return distance === null
      ? "How far the plan is from the best possible is not known."
      : `The plan is ${distance}; it is not proven best.`;
  }
  if (numBest === 0 && distance !== null) return `No plan is proven best; each is ${distance}.`;
  const rest =
    distance === null
      ? "for some it is not known how far from the best they are"
      : `${open.length === 1 ? "the other is" : "the others are"} ${distance}`;
  return `${numBest} of ${chosen.length} plans ${numBest === 1 ? "is" : "are"} proven best; ${rest}.`;
}

/**
 * How far the plans are from the best at most; null where a bound of one does not say. A mix is near 0 where every goal is as good as
 * on its own: a share of that would say nothing, so its distance is told as it is.
 */
function describeDistance(waves: readonly PageWave[]): string | null {
  const shares: number[] = [];
  const ofMixes: number[] = [];
  for (const { strategy, objective } of waves) {
    const { value, bound, gap } = objective;
    if (value === null || bound === null || gap === null) return null;
    if (strategy === "mix") ofMixes.push(Math.abs(value - bound));
    else if (gap < 1) shares.push(gap);
    else return null;
  }
  const largest = Math.max(...shares);
  const share = largest > 0 && largest < LEAST_SHOWN ? "less than 0.01 %" : `at most ${formatGap(largest)}`;
  const mixes = `${formatNumber(Math.max(...ofMixes))} from the best value of ${waves.length === 1 ? "its" : "a"} mix`;
  if (ofMixes.length === 0) return `${share} from the best possible`;
  return shares.length === 0 ? `at most ${mixes}` : `${share} from the best possible, or ${mixes}`;
}

/** Of a gap, a fraction: below it two decimals of a per cent show nothing. */
const LEAST_SHOWN = 1e-4;

function describeSuccess(waves: readonly PageWave[]): string {
  const judged = waves.filter(({ actual, planned }) => actual.success_rate !== null && planned.success_rate !== null);
  const sum = (value: (wave: PageWave) => number): number => judged.reduce((total, wave) => total + value(wave), 0);
  const tasks = sum(({ counts }) => counts.assigned);
  if (tasks === 0) return "";
  const actual = Math.round(sum(({ counts, actual }) => counts.assigned * actual.success_rate!));
  const planned = sum(({ counts, planned }) => counts.assigned * planned.success_rate!);
  const share = (count: number): string => formatPercent(count / tasks);
  const forecast = formatNumber(Number(planned.toFixed(1)));
  return `Of ${countOf(tasks, "assigned task")} whose end is known, ${actual} succeeded (${share(actual)}); ${forecast} were predicted (${share(planned)}).`;
}

function describeTime(waves: readonly PageWave[]): string {
  const ran = waves.filter(({ actual, planned }) => actual.makespan_ms !== null && planned.makespan_ms !== null);
  if (ran.length === 0) return "";
  const sum = (of: (wave: PageWave) => number | null): number =>
    ran.reduce((total, wave) => total + (of(wave) ?? 0), 0);
  const actual = formatDuration(sum((wave) => wave.actual.makespan_ms));
  const planned = formatDuration(sum((wave) => wave.planned.makespan_ms));
  const basis = ran.every(({ planned_makespan_of: of }) => of === "forecast")
    ? "the forecast was"
    : "the schedule said";
  const rest = waves.length - ran.length;
  const which = rest === 0 ? "together" : `of ${waves.length} whose time is known`;
  return `${waves.length === 1 ? "The wave" : `The ${countOf(ran.length, "wave")} ${which}`} took ${actual}; ${basis} ${planned}.`;
}

function describeDeadlines({ waves, state }: Page): string {
  const deadlines = waves.reduce((sum, { late }) => sum + late.deadlines, 0);
  if (deadlines === 0) return "";
  const [planned, actual] = [waves.flatMap(({ late }) => late.planned), waves.flatMap(({ late }) => late.actual)];
  const soFar = state === "running" ? " so far" : "";
  const which = actual.length === 0 ? "" : ` (${nameSome(actual, MOST_NAMED)})`;
  const ended = `${actual.length === 0 ? "none" : actual.length} ended after it${which}${soFar}`;
  const was = planned.length === 0 ? "none was" : planned.length === 1 ? "1 was" : `${planned.length} were`;
  return `Of ${countOf(deadlines, "task")} with a deadline, ${ended}; ${was} planned to.`;
}

/** Tasks that a sentence names. */
const MOST_NAMED = 4;

/** Words of the task file that the gate does not know: a slip of the pen puts a task off for good. "" where it knows all of them. */
export function describeNotGuessed(rows: readonly Pick<GateReport, "task_id" | "hold" | "reason">[]): string {
  const refused = rows.filter(({ hold }) => hold === "unknown_word");
  const [first] = refused;
  if (first === undefined) return "";
  const ids = [...new Set(refused.map(({ task_id }) => task_id))];
  const [was, their] = ids.length === 1 ? ["was", "its row"] : ["were", "their rows"];
  const why = `the gate does not know a word in ${their} of the task file`;
  return `${nameSome(ids, MOST_NAMED)} ${was} put off, for ${why}. ${first.task_id}: ${first.reason}`;
}

function describeAttention({ alerts, issues, waves, state }: Page): string {
  const urgent = alerts.filter(({ severity }) => severity !== "info").length;
  if (urgent > 0)
    return `${countOf(urgent, "alert")} ${urgent === 1 ? "needs" : "need"} attention; see “What went wrong”.`;
  const found = issues.filter(({ issue }) => !issue.startsWith(NOTHING_WRONG)).length;
  if (found > 0) return `No urgent alert; ${countOf(found, "remark")} in “What went wrong”.`;
  const [nothing] = issues;
  if (nothing !== undefined) return `${nothing.issue}.`;
  // What a run comes to is judged when its waves have ended.
  const trouble = waves.reduce((sum, wave) => sum + wave.trouble.length, 0);
  const soFar = state === "running" ? " so far" : "";
  return trouble === 0
    ? `Nothing needs attention${soFar}.`
    : `${countOf(trouble, "remark")}${soFar} in “What went wrong”.`;
}
