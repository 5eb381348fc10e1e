import { type Conflict, describeUnknownWorths, sortWorths } from "../../domain/index.js";
import type { Alternative, ExplainReport, Gain } from "../../domain/schemas/index.js";
import type { Paint } from "./paint.js";
import { type Column, renderFirstRows, renderTable } from "./table.js";
import { formatGap, formatMs, formatNumber, paragraph } from "./text.js";

/** An explanation for a person, the answer first; what was not asked is left out. */
export function renderExplanation(report: ExplainReport, paint: Paint): string {
  const sections = [
    headline(report, paint),
    report.infeasible === null ? "" : noPlan(report.infeasible, paint),
    task(report, paint),
    agent(report, paint),
    bottleneck(report, paint),
    reasons(report, paint),
    ...report.deferred.map((one) => deferred(one, paint)),
    limits(report, paint),
    goals(report, paint),
  ];
  return `${sections.filter((section) => section !== "").join("\n\n")}\n`;
}

function headline({ strategy, termination, objective, reproducible }: ExplainReport, paint: Paint): string {
  const { name, sense, value, bound, gap } = objective;
  const goal = `${sense === "min" ? "least" : "most"} ${name}`;
  const facts =
    value === null ? "no plan" : `${formatNumber(value)}, bound ${formatNumber(bound)}, gap ${formatGap(gap)}`;
  const lines = [paragraph(`${strategy}: ${termination}; ${goal}: ${facts}`, paint).replace(strategy, paint.bold)];
  if (!reproducible)
    lines.push(paint.dim(paragraph("a time limit shaped an answer, so that it may differ next time", paint)));
  return lines.join("\n");
}

function noPlan(infeasible: NonNullable<ExplainReport["infeasible"]>, paint: Paint): string {
  const { conflict } = infeasible;
  return `${paragraph(`No plan: ${conflict.explanation}.`, paint)}\n${paragraph(proofOf(conflict), paint)}\n\n${renderCures(infeasible, paint)}`;
}

function proofOf({ verified, minimal }: Conflict): string {
  const proof = verified ? "Solved on its own and proven infeasible" : "Not solved on its own";
  return `${proof}${minimal ? "; without any one of them the others fit." : "."}`;
}

type Cured = Pick<NonNullable<ExplainReport["infeasible"]>, "cures" | "cures_complete">;

const NOT_ALL_DECIDED = "Not every single change was decided in the time; --time-limit gives more.";

function renderCures({ cures, cures_complete: isComplete }: Cured, paint: Paint): string {
  if (cures.length === 0)
    return isComplete ? "No single change of these tasks, agents and limits is enough." : NOT_ALL_DECIDED;
  const columns: Column[] = [
    { title: "one change that is enough", excess: "wrap" },
    { title: "size", align: "right" },
    { title: "as flags", excess: "wrap" },
    { title: "" },
  ];
  const rows = cures.map(({ change, share, flags, least, not_enough }) => [
    change,
    share === null ? "–" : formatGap(share),
    flags ?? "in the document",
    not_enough !== null ? `${formatNumber(not_enough)} is not` : least === false ? "less may be, too" : "",
  ]);
  return renderTable(columns, rows, paint) + (isComplete ? "" : `\n${NOT_ALL_DECIDED}`);
}

function task({ task, objective }: ExplainReport, paint: Paint): string {
  if (task === null) return "";
  const { task_id, agent_id, start_ms, end_ms, reason, alternatives } = task;
  const time = start_ms === null ? "" : ` from ${formatMs(start_ms)} to ${formatMs(end_ms)} ms`;
  const place = agent_id === null ? `${task_id} is ${reason}.` : `${task_id} is on ${agent_id}${time}: ${reason}.`;
  const columns: Column[] = [
    { title: "on", excess: "shorten" },
    { title: objective.name, align: "right" },
    { title: "bound", align: "right" },
    { title: "beside the plan", excess: "wrap" },
  ];
  const own = [agent_id ?? "nobody", formatNumber(objective.value), formatNumber(objective.bound), "the plan"];
  const table = renderTable(columns, [own, ...alternatives.map(alternativeRow)], paint);
  return `${paragraph(place, paint)}\n\n${table}\n${paragraph("Each row is the best plan in which the task is there or is left out, under the same limits.", paint)}`;
}

function alternativeRow({ agent_id, not_eligible, note, consequence }: Alternative): string[] {
  if (consequence === null) return [agent_id, "–", "–", not_eligible ?? ""];
  const { value, bound, words, defers_the_task: isDeferred } = consequence;
  const more = [...(isDeferred ? ["the task would be deferred"] : []), ...(note === undefined ? [] : [note])];
  return [agent_id, formatNumber(value), formatNumber(bound), [words, ...more].join("; ")];
}

function agent({ agent, objective }: ExplainReport, paint: Paint): string {
  if (agent === null) return "";
  const { agent_id, ask_again, tasks, load_ms, without } = agent;
  const has = `${agent_id} has ${tasks.length} ${tasks.length === 1 ? "task" : "tasks"}, ${formatMs(load_ms)} ms.`;
  const plan = without.infeasible
    ? "Without it no plan is possible, proven."
    : `Without it the best ${objective.name} is ${formatNumber(without.value)} (bound ${formatNumber(without.bound)}): ${without.words}.`;
  const isLimited = !ask_again.endsWith(" none");
  const other = isLimited ? "; without its --load-limit the limit would follow from the smaller team" : "";
  const again = `solve on the same input with ${ask_again} plans it${other}.`;
  return `${paragraph(has, paint)}\n${paragraph(plan, paint)}\n${paragraph(again, paint)}`;
}

function bottleneck({ bottleneck, task, agent }: ExplainReport, paint: Paint): string {
  if (bottleneck === null || task !== null || agent !== null) return "";
  return paragraph(`Bottleneck: ${bottleneck.words}`, paint);
}

function reasons({ reasons, task }: ExplainReport, paint: Paint): string {
  if (task !== null || reasons.length === 0) return "";
  const columns: Column[] = [
    { title: "task", excess: "shorten" },
    { title: "agent", excess: "shorten" },
    { title: "why", excess: "wrap" },
  ];
  const rows = reasons.map(({ task_id, agent_id, reason }) => [task_id, agent_id ?? "–", reason]);
  return renderFirstRows(columns, rows, paint);
}

function deferred(row: ExplainReport["deferred"][number], paint: Paint): string {
  const { task_id, reason, conflict } = row;
  const lines = [paragraph(`${task_id} is deferred: ${reason}.`, paint)];
  if (conflict !== null)
    lines.push(paragraph(`${conflict.explanation}. ${proofOf(conflict)}`, paint), "", renderCures(row, paint));
  return lines.join("\n");
}

function limits(report: ExplainReport, paint: Paint): string {
  const sorted = sortWorths(report);
  const unknown = describeUnknownWorths(sorted, formatNumber);
  const parts = [knownLimits(sorted.known, report, paint), unknown === "" ? "" : paragraph(unknown, paint)];
  return parts.filter((part) => part !== "").join("\n\n");
}

function knownLimits(limits: ExplainReport["limits"], { objective }: ExplainReport, paint: Paint): string {
  if (limits.length === 0) return "";
  const columns: Column[] = [
    { title: "limit that binds", excess: "shorten" },
    { title: "used", align: "right" },
    { title: "of", align: "right" },
    { title: "a unit is worth at most", align: "right" },
    { title: "one more gains", align: "right" },
    { title: "without it", align: "right" },
    { title: "gains", align: "right" },
    { title: "at most", align: "right" },
  ];
  const rows = limits.map(({ limit, used, allowed, price_per_unit, one_more, lifted }) => [
    limit,
    ...[used, allowed, price_per_unit].map(formatNumber),
    gainOf(one_more),
    ...[formatNumber(lifted.value), gainOf(lifted), lifted.places_more > 0 ? "–" : formatNumber(lifted.gains_at_most)],
  ]);
  const placed = limits.some(({ one_more, lifted }) => placesMore(one_more) || placesMore(lifted))
    ? ` “2 placed”: tasks of weight 2 more find a place, which counts before ${objective.name}.`
    : "";
  return `${renderFirstRows(columns, rows, paint)}\n${paragraph(`Gains are in ${objective.name}; a unit is a millisecond, a task or a unit of cost, and its price holds beyond the gap of the plan's own certificate.${placed}`, paint)}`;
}

function placesMore(gain: Gain | null): boolean {
  return gain !== null && gain.places_more > 0;
}

/** What a wider limit gains: tasks that find a place come before the goal. */
function gainOf(gain: Gain | null): string {
  return gain !== null && gain.places_more > 0
    ? `${formatNumber(gain.places_more)} placed`
    : formatNumber(gain?.gains ?? null);
}

function goals({ goals, task, agent }: ExplainReport, paint: Paint): string {
  if (goals === null || task !== null || agent !== null) return "";
  const columns: Column[] = [
    { title: "goal" },
    { title: "sense" },
    { title: "at this plan", align: "right" },
    { title: "unit", excess: "wrap" },
  ];
  const wanted = { min: "least", max: "most" } as const;
  const rows = goals.map(({ name, sense, value, unit }) => [name, wanted[sense], formatNumber(value), unit]);
  return renderTable(columns, rows, paint);
}
