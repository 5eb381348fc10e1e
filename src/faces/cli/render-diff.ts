import { countOf, joinWords } from "../../domain/index.js";
import type { DiffReport } from "../../domain/schemas/index.js";
import type { Paint } from "./paint.js";
import { type Column, renderFirstRows, renderTable } from "./table.js";
import { formatGap, formatMs, formatNumber, paragraph } from "./text.js";

/** Two results for a person: the goal first, then what moved, then loads and figures. */
export function renderDiff(report: DiffReport, paint: Paint): string {
  const sections = [headline(report, paint), moves(report, paint), agents(report, paint), figures(report, paint)];
  return `${sections.filter((section) => section !== "").join("\n\n")}\n`;
}

function headline({ results, objective, same_problem, agents, tasks }: DiffReport, paint: Paint): string {
  const columns: Column[] = [
    { title: "result" },
    { title: "strategy" },
    { title: "outcome" },
    { title: "value", align: "right" },
    { title: "bound", align: "right" },
    { title: "gap", align: "right" },
    { title: "left out", align: "right" },
  ];
  const rows = results.map(({ name, strategy, termination, value, bound, gap, num_deferred }) => [
    ...[name, strategy, termination],
    ...[formatNumber(value), formatNumber(bound), formatGap(gap)],
    num_deferred === null ? "–" : `${num_deferred} ${num_deferred === 1 ? "task" : "tasks"}`,
  ]);
  const lines: string[] = [];
  if (!same_problem) lines.push("They plan different waves.", ...describeChanges(results));
  const other = agents.find(({ tasks, load_limit_ms: [a, b] }) => !tasks.includes(null) && a !== b);
  if (other !== undefined) lines.push(describeLimits(other));
  if (objective !== null) lines.push(describeObjective(objective, { results, tasks }));
  return [renderTable(columns, rows, paint), ...lines.map((line) => paragraph(line, paint))].join("\n");
}

function describeChanges(results: DiffReport["results"]): string[] {
  return results.flatMap(({ name, what_if }) => (what_if.length === 0 ? [] : [`The ${name}: ${what_if.join(" ")}.`]));
}

function describeLimits({ agent_id, load_limit_ms }: DiffReport["agents"][number]): string {
  const [first, other] = load_limit_ms.map((ms) => (ms === null ? "none" : `${formatMs(ms)} ms`));
  const cure = "--load-limit with a time gives both the same";
  return `They have different load limits, as on ${agent_id}: ${first} and ${other}; ${cure}.`;
}

/** Values of plans of different tasks: neither is better for having more of them. */
function describeOtherTasks({ only_in_first: gone, only_in_other: come }: DiffReport["tasks"]): string {
  const parts = [
    ...(gone.length === 0 ? [] : [`${countOf(gone.length, "task")} only in the first`]),
    ...(come.length === 0 ? [] : [`${countOf(come.length, "task")} only in the other`]),
  ];
  return joinWords(parts);
}

function areOfOtherTasks({ only_in_first: gone, only_in_other: come }: DiffReport["tasks"]): boolean {
  return gone.length + come.length > 0;
}

function describeObjective(
  { name, difference, better, difference_of_best }: NonNullable<DiffReport["objective"]>,
  { results, tasks }: Pick<DiffReport, "results" | "tasks">,
): string {
  if (difference === null) return `${name}: one of them has no plan.`;
  const plans = areOfOtherTasks(tasks)
    ? `${name} ${signed(difference)}, of other tasks: ${describeOtherTasks(tasks)}`
    : better === "same"
      ? `${name} is the same`
      : `${name} ${signed(difference)}: the ${better} is better`;
  const [first, other] = results.map(({ num_deferred }) => num_deferred ?? 0) as [number, number];
  if (first !== other && !areOfOtherTasks(tasks)) {
    const [who, more] = first > other ? ["first", first - other] : ["other", other - first];
    return `${name} ${signed(difference)}, but the ${who} leaves out ${more} more ${more === 1 ? "task" : "tasks"}: which plan is better follows from that first.`;
  }
  if (difference_of_best === null) return `${plans}.`;
  const [low, high] = difference_of_best.map(signed);
  const best = low === high ? `by ${low}, proven` : `by ${low} to ${high}, proven by both bounds`;
  return `${plans}. The best possible value changes ${best}.`;
}

function moves({ tasks }: DiffReport, paint: Paint): string {
  const rows = [
    ...tasks.moved.map(({ task_id, from, to }) => [task_id, "moved", from, to, ""]),
    ...tasks.placed.map(({ task_id, to }) => [task_id, "placed", "–", to, ""]),
    ...tasks.deferred.map(({ task_id, from, reason }) => [task_id, "deferred", from, "–", reason]),
    ...tasks.retimed.map(({ task_id, start_ms }) => [
      task_id,
      "other time",
      ...start_ms.map((ms) => `${formatMs(ms)} ms`),
      "",
    ]),
    ...tasks.only_in_first.map((id) => [id, "gone", "", "", "only in the first"]),
    ...tasks.only_in_other.map((id) => [id, "new", "", "", "only in the other"]),
  ];
  const unchanged = tasks.unchanged === 1 ? "1 task stays as it is." : `${tasks.unchanged} tasks stay as they are.`;
  if (rows.length === 0) return unchanged;
  const columns: Column[] = [
    { title: "task", excess: "shorten" },
    { title: "change" },
    { title: "from", excess: "shorten" },
    { title: "to", excess: "shorten" },
    { title: "", excess: "wrap" },
  ];
  return `${renderFirstRows(columns, rows, paint)}\n${unchanged}`;
}

function agents({ agents }: DiffReport, paint: Paint): string {
  const changed = agents.filter(({ tasks, load_ms }) => tasks[0] !== tasks[1] || load_ms[0] !== load_ms[1]);
  if (changed.length === 0) return "";
  const columns: Column[] = [
    { title: "agent", excess: "shorten" },
    { title: "tasks: first", align: "right" },
    { title: "other", align: "right" },
    { title: "load ms: first", align: "right" },
    { title: "other", align: "right" },
  ];
  const show = (count: number | null): string => (count === null ? "–" : String(count));
  const rows = changed.map(({ agent_id, tasks, load_ms }) => [agent_id, ...tasks.map(show), ...load_ms.map(formatMs)]);
  return renderFirstRows(columns, rows, paint);
}

function figures({ figures, tasks }: DiffReport, paint: Paint): string {
  const columns: Column[] = [
    { title: "expected" },
    { title: "first", align: "right" },
    { title: "other", align: "right" },
    { title: "difference", align: "right" },
    { title: "better" },
  ];
  const rows = figures.map(({ name, values, difference, better }) => [
    name,
    ...values.map(formatNumber),
    difference === null ? "–" : signed(difference),
    areOfOtherTasks(tasks) ? "–" : (better ?? ""),
  ]);
  return renderTable(columns, rows, paint);
}

function signed(difference: number): string {
  const text = formatNumber(difference);
  return difference > 0 && text !== "0" ? `+${text}` : text;
}
