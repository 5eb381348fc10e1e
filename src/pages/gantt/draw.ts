import type { PageTask, PageWave } from "../../domain/schemas/index.js";
import { linear, px, ticks } from "../charts/scale.js";
import { svg } from "../elements/dom.js";
import { duration } from "../elements/format.js";
import { fitId, type Layout, layOut } from "./layout.js";

const AXIS_HEIGHT = 22;
const BAR_HEIGHT = 13;
const CHARACTER_WIDTH = 6.3;
/** A bar narrower than this is not seen. */
const LEAST_WIDTH = 1.5;
/** More arrows than this hide what they join; then only those of the selected task are drawn. */
const MAX_ARROWS = 40;

export interface Drawing {
  readonly layout: Layout;
  readonly chart: SVGSVGElement;
  /** Heights of the rows, and of the axis above them. */
  readonly rowHeight: number;
  readonly axisHeight: number;
  /** Marks a task and draws what it waits for. */
  readonly select: (taskId: string | null) => void;
  /** Where a task is drawn, in pixels. */
  readonly xOf: (task: PageTask) => number;
}

/** The schedule of a wave: one row per slot, planned above actual. O(tasks). */
export function drawGantt(wave: PageWave, width: number): Drawing {
  const layout = layOut(wave);
  const rowHeight = layout.hasActual ? 36 : 22;
  const height = AXIS_HEIGHT + layout.rows.length * rowHeight;
  const x = linear(0, layout.endMs, 0, width - 8);
  const critical = new Set(wave.critical_tasks);
  const chart = svg("svg", {
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    class: "gantt-chart",
    "aria-hidden": "true",
  });
  chart.append(drawGrid(layout, { x, height, rowHeight, width }), drawAbsences(layout, { x, rowHeight }));
  const groups = new Map<string, SVGGElement>();
  const top = (agentId: string, slot: number): number | null => {
    const row = layout.rowOf(agentId, slot);
    return row === undefined ? null : AXIS_HEIGHT + row * rowHeight + 4;
  };
  for (const task of wave.tasks) {
    const group = drawTask(task, { x, top, isCritical: critical.has(task.task_id), hasActual: layout.hasActual });
    groups.set(task.task_id, group);
    chart.append(group);
  }
  const byId = new Map(wave.tasks.map((task) => [task.task_id, task]));
  const arrowsOf = (tasks: readonly PageTask[]): SVGGElement => {
    const arrows = svg("g", { class: "arrows" });
    for (const task of tasks) {
      for (const before of task.depends_on.flatMap((id) => byId.get(id) ?? []))
        arrows.append(drawArrow(before, task, { x, top }));
    }
    return arrows;
  };
  const waiting = wave.tasks.filter(({ depends_on }) => depends_on.length > 0);
  const numArrows = waiting.reduce((sum, { depends_on }) => sum + depends_on.length, 0);
  if (numArrows <= MAX_ARROWS) chart.append(arrowsOf(waiting));
  let selected: SVGGElement | undefined;
  let ownArrows: SVGGElement | undefined;
  const select = (taskId: string | null): void => {
    selected?.classList.remove("selected");
    ownArrows?.remove();
    const task = taskId === null ? undefined : byId.get(taskId);
    if (task === undefined) return;
    selected = groups.get(task.task_id);
    selected?.classList.add("selected");
    ownArrows = arrowsOf([task, ...wave.tasks.filter(({ depends_on }) => depends_on.includes(task.task_id))]);
    ownArrows.classList.add("own");
    chart.append(ownArrows);
  };
  return { layout, chart, rowHeight, axisHeight: AXIS_HEIGHT, select, xOf: ({ start_ms }) => x(start_ms) };
}

/** Hatched, behind the tasks: when an agent takes none. */
function drawAbsences(
  { absences, rows }: Layout,
  { x, rowHeight }: { x: (ms: number) => number; rowHeight: number },
): SVGGElement {
  const group = svg("g", { class: "absences" });
  if (absences.length === 0) return group;
  const hatch = svg("pattern", { id: "away", width: 6, height: 6, patternUnits: "userSpaceOnUse" });
  hatch.append(svg("path", { class: "hatch", d: "M-1 1l2 -2M0 6l6 -6M5 7l2 -2" }));
  group.append(hatch);
  for (const { row, fromMs, untilMs } of absences) {
    const left = px(x(fromMs));
    const y = AXIS_HEIGHT + row * rowHeight;
    const band = svg("rect", { x: left, y, width: px(x(untilMs) - left), height: rowHeight, fill: "url(#away)" });
    band.append(svg("title", {}, `${rows[row]!.agentId} is away from ${duration(fromMs)} to ${duration(untilMs)}`));
    group.append(band);
  }
  return group;
}

interface Place {
  readonly x: (ms: number) => number;
  readonly top: (agentId: string, slot: number) => number | null;
}

function drawTask(
  task: PageTask,
  { x, top, isCritical, hasActual }: Place & { isCritical: boolean; hasActual: boolean },
): SVGGElement {
  const y = top(task.agent_id, task.slot) ?? AXIS_HEIGHT;
  const left = px(x(task.start_ms));
  const width = px(Math.max(LEAST_WIDTH, x(task.end_ms) - left - 1));
  const group = svg("g", { class: `task${isCritical ? " critical" : ""}`, "data-task": task.task_id });
  group.append(svg("rect", { class: "planned", x: left, y, width, height: BAR_HEIGHT, rx: 2 }));
  const [p5, p95] = task.end_interval_ms;
  if (p95 > p5) {
    const middle = y + BAR_HEIGHT + 0.5;
    group.append(
      svg("path", { class: "whisker", d: `M${px(x(p5))} ${middle}H${px(x(p95))}m0 -3v6M${px(x(p5))} ${middle - 3}v6` }),
    );
  }
  group.append(...labelOf(task, { left, y, width }, "bar-label"));
  if (!hasActual) return group;
  for (const attempt of task.attempts) {
    const row = top(attempt.agent_id, attempt.slot ?? (attempt.agent_id === task.agent_id ? task.slot : 0));
    if (row === null) continue;
    const state = attempt.succeeded === null ? "running" : attempt.succeeded ? "completed" : "failed";
    const from = px(x(attempt.start_ms));
    const until = attempt.end_ms ?? Math.max(attempt.start_ms, task.end_ms);
    const wide = px(Math.max(LEAST_WIDTH, x(until) - from - 1));
    group.append(
      svg("rect", { class: state, x: from, y: row + BAR_HEIGHT + 2, width: wide, height: BAR_HEIGHT, rx: 2 }),
    );
    const hasCross = state === "failed" && wide > 9;
    const room = hasCross ? wide / 2 - 4 : wide;
    group.append(...labelOf(task, { left: from, y: row + BAR_HEIGHT + 2, width: room }, "attempt-label"));
    if (hasCross) {
      const middle = px(from + wide / 2);
      const down = row + BAR_HEIGHT + 5;
      group.append(svg("path", { class: "cross", d: `M${middle - 3} ${down}l6 7m0 -7l-6 7` }));
    }
  }
  return group;
}

/** As much of the task's name as a bar has room for; nothing where that would say nothing. */
function labelOf(
  { task_id: id }: PageTask,
  { left, y, width }: { left: number; y: number; width: number },
  className: "bar-label" | "attempt-label",
): SVGTextElement[] {
  const numFit = Math.floor((width - 6) / CHARACTER_WIDTH);
  if (numFit < Math.min(4, id.length)) return [];
  return [svg("text", { class: className, x: left + 3, y: y + BAR_HEIGHT - 3 }, fitId(id, numFit))];
}

function drawArrow(before: PageTask, after: PageTask, { x, top }: Place): SVGPathElement {
  const [fromX, toX] = [px(x(before.end_ms)), px(x(after.start_ms))];
  const fromY = (top(before.agent_id, before.slot) ?? 0) + BAR_HEIGHT / 2;
  const toY = (top(after.agent_id, after.slot) ?? 0) + BAR_HEIGHT / 2;
  const bend = Math.max(8, Math.min(40, Math.abs(toX - fromX) / 2));
  return svg("path", {
    class: "arrow",
    d: `M${fromX} ${fromY}C${px(fromX + bend)} ${fromY} ${px(toX - bend)} ${toY} ${toX} ${toY}m-5 -3l5 3l-5 3`,
  });
}

function drawGrid(
  { rows, endMs }: Layout,
  { x, height, rowHeight, width }: { x: (ms: number) => number; height: number; rowHeight: number; width: number },
): SVGGElement {
  const grid = svg("g", { class: "grid" });
  rows.forEach((_, k) => {
    if (k % 2 === 1)
      grid.append(svg("rect", { class: "stripe", x: 0, y: AXIS_HEIGHT + k * rowHeight, width, height: rowHeight }));
  });
  for (const ms of ticks(endMs, Math.max(2, Math.floor(width / 90)))) {
    const at = px(x(ms));
    grid.append(svg("line", { x1: at, x2: at, y1: AXIS_HEIGHT - 4, y2: height }));
    if (at < width - 45) grid.append(svg("text", { x: at + 3, y: 13 }, duration(ms)));
  }
  return grid;
}
