import { type Conflict, nameSome, type ScheduledEntry, type ResultDocument } from "../../domain/index.js";
import { describeExploration, describeStay, describeObjective, describeOutcome } from "./headline.js";
import { renderDeferred } from "./render-deferred.js";
import type { Paint } from "./paint.js";
import { type Column, renderFirstRows, renderTable } from "./table.js";
import { formatMs, formatNumber, formatShare, paragraph, wrap } from "./text.js";

/**
 * A result for a person: what was decided, how good it is, and why. Sections without content are left out.
 *
 * @param reasons why each task has its agent, in a few words; empty: nobody says
 */
export function renderResult(
  result: ResultDocument,
  paint: Paint,
  reasons: ReadonlyMap<string, string> = new Map(),
): string {
  const sections = [
    renderHeadline(result, paint),
    result.conflict === null ? "" : renderConflict(result.conflict, paint),
    result.error === null ? "" : paragraph(result.error, paint),
    result.schedule.length === 0 ? "" : renderAgents(result, paint),
    result.schedule.length === 0 ? "" : renderSchedule(result.schedule, paint, reasons),
    describeChances(result, paint),
    renderDeferred(result, paint),
    renderGate(result, paint),
    renderAttempts(result, paint),
    renderFooter(result, paint),
  ];
  return `${sections.filter((section) => section !== "").join("\n\n")}\n`;
}

function renderHeadline(result: ResultDocument, paint: Paint): string {
  const color = {
    optimal: paint.good,
    feasible: paint.mixed,
    infeasible: paint.bad,
    no_solution: paint.bad,
    error: paint.bad,
  };
  const [first, ...rest] = wrap(`${result.strategy}: ${describeOutcome(result)}`, paint.width);
  const colored = color[result.termination];
  const opening = first!.slice(result.strategy.length + 2);
  const lines = [`${paint.bold(result.strategy)}: ${colored(opening)}`, ...rest.map(colored)];
  if (result.objective.value !== null || result.objective.bound !== null)
    lines.push(paragraph(describeObjective(result), paint));
  const exploration = describeExploration(result);
  if (exploration !== "") lines.push(paragraph(exploration, paint));
  const stay = describeStay(result);
  if (stay !== "") lines.push(paragraph(stay, paint));
  return lines.join("\n");
}

function renderConflict(conflict: Conflict, paint: Paint): string {
  const proof = [
    conflict.verified ? "solved on its own and proven infeasible" : "not solved on its own",
    conflict.minimal ? "without any one of them the others fit" : "perhaps not the smallest such set",
  ];
  const rows = [
    ["tasks", conflict.tasks.join(", ")],
    ["agents", conflict.agents.join(", ")],
    ["limits", conflict.limits.join(", ")],
    ["proof", proof.join("; ")],
  ].filter(([, names]) => names !== "");
  const columns: Column[] = [{ title: "conflict" }, { title: "", excess: "wrap" }];
  return `${paragraph(conflict.explanation, paint)}\n\n${renderTable(columns, rows, paint)}`;
}

function renderAgents(result: ResultDocument, paint: Paint): string {
  const { loads, busiest } = sumLoads(result.schedule);
  // Where nobody works in parallel, the load is that of the one slot that the limit speaks of.
  const isLimited = Object.values(result.limits.per_agent_ms).some((limit) => limit !== null);
  const isParallel = isLimited && result.schedule.some(({ slot }) => slot > 0);
  const busiestColumn: Column[] = isParallel ? [{ title: "busiest slot ms", align: "right" }] : [];
  const columns: Column[] = [
    { title: "agent", excess: "shorten" },
    { title: "tasks", align: "right" },
    { title: "load ms", align: "right", ...(isParallel && { isOptional: true }) },
    ...busiestColumn,
    { title: "slot limit ms", align: "right", isOptional: true },
    { title: "utilization", align: "right", isOptional: true },
    { title: "in start order", excess: "wrap" },
  ];
  const rows = Object.entries(result.agent_assignments).map(([agentId, taskIds]) => [
    agentId,
    String(taskIds.length),
    formatMs(loads.get(agentId) ?? 0),
    ...(isParallel ? [formatMs(busiest.get(agentId) ?? 0)] : []),
    formatMs(result.limits.per_agent_ms[agentId] ?? null),
    formatShare(result.expected.utilization[agentId] ?? null),
    nameSome(taskIds, MAX_IDS),
  ]);
  return renderFirstRows(columns, rows, paint);
}

/** Busy time of each agent, milliseconds: over all its slots, and of the slot that has most. */
function sumLoads(schedule: readonly ScheduledEntry[]) {
  const loads = new Map<string, number>();
  const slots = new Map<string, number>();
  const busiest = new Map<string, number>();
  for (const { agent_id, slot, start_ms, end_ms } of schedule) {
    const key = JSON.stringify([agent_id, slot]);
    const ofSlot = (slots.get(key) ?? 0) + end_ms - start_ms;
    slots.set(key, ofSlot);
    loads.set(agent_id, (loads.get(agent_id) ?? 0) + end_ms - start_ms);
    busiest.set(agent_id, Math.max(busiest.get(agent_id) ?? 0, ofSlot));
  }
  return { loads, busiest };
}

const MAX_IDS = 12;

function renderSchedule(
  schedule: readonly ScheduledEntry[],
  paint: Paint,
  reasons: ReadonlyMap<string, string>,
): string {
  const hasSlots = schedule.some(({ slot }) => slot > 0);
  const slotColumn: Column[] = hasSlots ? [{ title: "slot", align: "right" }] : [];
  const columns: Column[] = [
    { title: "task", excess: "shorten" },
    { title: "agent", excess: "shorten" },
    ...slotColumn,
    { title: "start ms", align: "right" },
    { title: "end ms", align: "right" },
    { title: "end, 5–95 %", align: "right", isOptional: true },
    { title: "success", align: "right" },
    { title: "retries", align: "right", isOptional: true },
    { title: "confidence", align: "right", isOptional: true },
    ...(reasons.size > 0 ? [{ title: "why", excess: "wrap", comfort: 28 } as const] : []),
  ];
  const inTime = [...schedule].sort(
    (a, b) => a.start_ms - b.start_ms || compare(a.agent_id, b.agent_id) || a.slot - b.slot,
  );
  const rows = inTime.map((entry) => [
    entry.task_id,
    entry.agent_id,
    ...(hasSlots ? [String(entry.slot)] : []),
    formatMs(entry.start_ms),
    formatMs(entry.end_ms),
    entry.end_interval_ms.map(formatMs).join("–"),
    formatShare(entry.success_probability),
    entry.retries.toFixed(2),
    `${entry.confidence_delta < 0 ? "" : "+"}${entry.confidence_delta.toFixed(3)}`,
    ...(reasons.size > 0 ? [reasons.get(entry.task_id) ?? ""] : []),
  ]);
  return renderFirstRows(columns, rows, paint);
}

/** Why the column of successes and the success of the plan differ, where they are seen to; else "". */
function describeChances({ schedule, expected: { success_rate: rate } }: ResultDocument, paint: Paint): string {
  if (rate === null || schedule.length === 0) return "";
  const mean = schedule.reduce((sum, { success_probability }) => sum + success_probability, 0) / schedule.length;
  if (formatShare(mean) === formatShare(rate)) return "";
  const rule = "a task is started only where all that it waits for succeed, and the plan counts that too";
  const both = `${formatShare(mean)} on average, ${formatShare(rate)} for the plan`;
  return paint.dim(paragraph(`success is that of a task once it is started: ${both}; ${rule}`, paint));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Tasks in the plan that a live gate would hold back. */
function renderGate({ gate }: ResultDocument, paint: Paint): string {
  const rows = gate
    .filter((word) => word.approval === "approved" && word.live_approval === "deferred")
    .map(({ task_id, reason }) => [task_id, reason]);
  if (rows.length === 0) return "";
  return renderFirstRows(
    [
      { title: "gate", excess: "shorten" },
      { title: "rehearsal", excess: "wrap" },
    ],
    rows,
    paint,
  );
}

function renderAttempts({ attempts }: ResultDocument, paint: Paint): string {
  if (attempts.length === 0) return "";
  const columns: Column[] = [
    { title: "stage", excess: "wrap" },
    { title: "solver", excess: "shorten" },
    { title: "outcome" },
    { title: "value", align: "right" },
    { title: "bound", align: "right" },
    { title: "ms", align: "right", isOptional: true },
    { title: "note", excess: "wrap", isOptional: true },
  ];
  const rows = attempts.map((attempt) => [
    attempt.stage,
    attempt.solver,
    attempt.limit === null ? attempt.termination : `${attempt.termination} (${attempt.limit})`,
    formatNumber(attempt.value),
    formatNumber(attempt.bound),
    formatMs(attempt.wall_ms),
    attempt.note,
  ]);
  return renderFirstRows(columns, rows, paint);
}

function renderFooter(
  { objective, expected, forecast, limits, options, solver, seed, reproducible, wall_ms }: ResultDocument,
  paint: Paint,
): string {
  const lines: string[] = [];
  if (expected.makespan_ms !== null) {
    const facts = [
      `success ${formatShare(expected.success_rate)}`,
      `makespan ${formatMs(expected.makespan_ms)} ms`,
      `${formatNumber(expected.throughput_per_s)} tasks/s`,
      `${formatNumber(expected.retries)} retries`,
      `cost ${formatNumber(expected.cost)}`,
    ];
    lines.push(paragraph(`Plan: ${facts.join(", ")}.`, paint));
  }
  if (forecast !== null) {
    const { mean, p5, p95 } = forecast.makespan_ms;
    const interval = `5–95 %: ${formatMs(p5)}–${formatMs(p95)}`;
    lines.push(paragraph(`Forecast, with chance: makespan ${formatMs(mean)} ms (${interval}).`, paint));
  }
  if (limits.factor !== null) {
    const reference = `the reference makespan of ${formatMs(limits.reference_makespan_ms)} ms`;
    lines.push(paragraph(`Load limit: ${formatNumber(limits.factor)} times ${reference}.`, paint));
  }
  if (options.load_limit === null && limits.factor === null && limits.reference_makespan_ms !== null) {
    const why = "the reference plan passes the budget or leaves tasks out, so that it says nothing of a fair load";
    lines.push(paragraph(`No load limit: ${why}; --load-limit sets one.`, paint));
  }
  if (limits.costs !== null) {
    const { without, by } = limits.costs;
    const best = `${objective.sense === "min" ? "at least" : "at most"} ${formatNumber(without)}`;
    const both = `${objective.name} is ${formatNumber(objective.value)}, without it ${best}`;
    lines.push(paragraph(`The load limit costs up to ${formatShare(by)}: ${both}; --load-limit none lifts it.`, paint));
  }
  const time = wall_ms === null ? "" : `, ${formatMs(wall_ms)} ms`;
  const same = reproducible ? "reproducible" : "not reproducible";
  lines.push(paint.dim(paragraph(`${solver.name} ${solver.version}${time}, seed ${seed}, ${same}`, paint)));
  return lines.join("\n");
}
