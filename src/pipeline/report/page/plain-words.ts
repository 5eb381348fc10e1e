import type { PageDocument, PageWave } from "../../../domain/schemas/index.js";
import { countOf, formatDuration, formatGap, formatPercent } from "../format.js";
import { NOTHING_WRONG } from "../optimization-report.js";

/** The page in a few sentences, for someone who decides. */

type Page = Omit<PageDocument, "headline">;

export function describeRun(page: Page): string[] {
  return [
    describeTasks(page),
    describeProof(page.waves),
    describeSuccess(page.waves),
    describeTime(page.waves),
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
  const rest = deferred === 0 ? "" : `; ${deferred} cannot be placed, each with its reason below`;
  const { success_rate, makespan_ms } = wave.planned;
  const expected =
    success_rate === null
      ? ""
      : `Expected: ${formatPercent(success_rate)} of them succeed, and the wave takes ${formatDuration(makespan_ms)}.`;
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

function describeTasks({ tasks, state }: Page): string {
  const { total, completed, failed, deferred } = tasks;
  const parts = [
    `${completed} of ${countOf(total, "task")} ${completed === 1 ? "was" : "were"} completed`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(deferred > 0 ? [`${deferred} never ran`] : []),
  ];
  const begun = state === "running" ? "So far " : state === "interrupted" ? "The run was interrupted: " : "";
  return `${begun}${parts.join(", ")}.`;
}

function describeProof(waves: readonly PageWave[]): string {
  const planned = waves.filter(({ objective }) => objective.value !== null);
  if (planned.length === 0) return waves.length === 0 ? "" : `No wave has a plan (${words(waves[0]!.termination)}).`;
  const numBest = planned.filter(({ termination }) => termination === "optimal").length;
  const one = planned.length === 1;
  if (numBest === planned.length) {
    return `${one ? "The plan is" : `Each of the ${planned.length} plans is`} proven best for its goal: no other plan reaches more.`;
  }
  const open = planned.filter(({ termination }) => termination !== "optimal");
  const gaps = open.flatMap(({ objective }) => objective.gap ?? []);
  const distance =
    gaps.length < open.length
      ? "for some it is not known how far from the best they are"
      : `${open.length === 1 ? "the other is" : "the others are"} at most ${formatGap(Math.max(...gaps))} from the best possible`;
  if (one && gaps.length === 1)
    return `The plan is at most ${formatGap(gaps[0]!)} from the best possible; it is not proven best.`;
  if (one) return "How far the plan is from the best possible is not known.";
  return `${numBest} of ${planned.length} plans are proven best; ${distance}.`;
}

function describeSuccess(waves: readonly PageWave[]): string {
  const ran = waves.filter(({ actual }) => actual.success_rate !== null);
  const weigh = (rate: (wave: PageWave) => number | null): number | null => {
    const known = ran.filter((wave) => rate(wave) !== null);
    const tasks = known.reduce((sum, { counts }) => sum + counts.total - counts.deferred, 0);
    if (tasks === 0) return null;
    return known.reduce((sum, wave) => sum + rate(wave)! * (wave.counts.total - wave.counts.deferred), 0) / tasks;
  };
  const planned = weigh((wave) => wave.planned.success_rate);
  const actual = weigh((wave) => wave.actual.success_rate);
  if (planned === null || actual === null) return "";
  return `${formatPercent(planned)} of the tasks were expected to succeed; ${formatPercent(actual)} did.`;
}

function describeTime(waves: readonly PageWave[]): string {
  const ran = waves.filter(({ actual, planned }) => actual.makespan_ms !== null && planned.makespan_ms !== null);
  if (ran.length === 0) return "";
  const sum = (of: (wave: PageWave) => number | null): number =>
    ran.reduce((total, wave) => total + (of(wave) ?? 0), 0);
  const actual = sum((wave) => wave.actual.makespan_ms);
  const planned = sum((wave) => wave.planned.makespan_ms);
  return `${ran.length === 1 ? "The wave" : `The ${ran.length} waves together`} took ${formatDuration(actual)}; ${formatDuration(planned)} were expected.`;
}

function describeAttention({ alerts, issues, waves }: Page): string {
  const urgent = alerts.filter(({ severity }) => severity !== "info").length;
  if (urgent > 0)
    return `${countOf(urgent, "alert")} ${urgent === 1 ? "needs" : "need"} attention; see “What went wrong”.`;
  const found =
    issues.filter(({ issue }) => !issue.startsWith(NOTHING_WRONG)).length +
    waves.reduce((sum, { trouble }) => sum + trouble.length, 0);
  return found === 0 ? "Nothing needs attention." : `No alert; ${countOf(found, "remark")} in “What went wrong”.`;
}
