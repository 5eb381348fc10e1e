import type { PageTask, PageWave } from "../../domain/schemas/index.js";
import { h } from "../elements/dom.js";
import type { SectionContext } from "../elements/section.js";
import { taskDetails } from "./details.js";
import { drawGantt } from "./draw.js";
import { type Direction, type Layout, neighbour } from "./layout.js";

const KEYS: Readonly<Record<string, Direction>> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
  Home: "first",
  End: "last",
};
const MOST_ZOOM = 32;

/** The schedule with its names, its zoom and what is known of the selected task. */
export function gantt(wave: PageWave, { view, change }: SectionContext, width: number): Node[] {
  const labelWidth = Math.min(150, Math.max(104, width * 0.2));
  const { layout, chart, rowHeight, axisHeight, select, xOf } = drawGantt(
    wave,
    Math.max(200, width - labelWidth - 4) * view.zoom,
  );
  const labels = h(
    "ol",
    { class: "gantt-labels" },
    ...layout.rows.map(({ agentId, slotLabel }) =>
      h("li", { title: `${agentId}${slotLabel}` }, h("span", {}, agentId), slotLabel),
    ),
  );
  labels.style.width = `${labelWidth}px`;
  labels.style.paddingTop = `${axisHeight}px`;
  for (const item of labels.children) (item as HTMLElement).style.height = `${rowHeight}px`;
  const frame = h(
    "div",
    {
      ...{ id: "gantt", class: "gantt-scroll", tabindex: 0, role: "group" },
      "aria-label": `Schedule of ${wave.name}: arrow keys step through its tasks, Escape lets go`,
    },
    chart,
  );
  const details = h("div", { class: "details", "aria-live": "polite" });
  const byId = new Map(wave.tasks.map((task) => [task.task_id, task]));
  let current: string | null = null;
  const show = (taskId: string | null): void => {
    current = taskId !== null && byId.has(taskId) ? taskId : null;
    select(current);
    details.replaceChildren(...taskDetails(current === null ? undefined : byId.get(current), wave));
  };
  const choose = (task: PageTask | undefined): void => {
    if (task === undefined) return;
    show(task.task_id);
    change({ task: task.task_id });
    const at = xOf(task);
    if (at < frame.scrollLeft || at > frame.scrollLeft + frame.clientWidth - 40)
      frame.scrollLeft = Math.max(0, at - 40);
  };
  show(view.task);
  chart.addEventListener("click", (event) => {
    const group = event.target instanceof Element ? event.target.closest("[data-task]") : null;
    if (group !== null) choose(byId.get(group.getAttribute("data-task") ?? ""));
  });
  frame.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      show(null);
      change({ task: null });
    }
    const direction = KEYS[event.key];
    if (direction === undefined) return;
    event.preventDefault();
    choose(neighbour(wave.tasks, layout, current, direction));
  });
  return [zoomButtons(view.zoom, change), h("div", { class: "gantt" }, labels, frame), legend(layout, wave), details];
}

function zoomButtons(zoom: number, change: SectionContext["change"]): HTMLElement {
  const button = (id: string, text: string, name: string, next: number): HTMLElement => {
    const element = h("button", { id, type: "button", "aria-label": name, disabled: next === zoom }, text);
    element.addEventListener("click", () => change({ zoom: next }));
    return element;
  };
  return h(
    "div",
    { class: "tools" },
    button("zoom-out", "−", "Show more time", Math.max(1, zoom / 2)),
    button("zoom-in", "+", "Show more detail", Math.min(MOST_ZOOM, zoom * 2)),
    button("zoom-all", "All", "All of the wave", 1),
  );
}

function legend({ hasActual, absences }: Layout, { state }: Pick<PageWave, "state">): HTMLElement {
  const entries = [
    ["planned", "planned; the line is where its end falls with 90 %"],
    ["critical", "sets the planned end"],
    ...(hasActual
      ? [
          ["completed", "completed"],
          ["failed", "failed attempt"],
          ...(state === "ended" ? [] : [["running", "running"]]),
        ]
      : []),
    ...(absences.length > 0 ? [["away", "away: the agent takes no task"]] : []),
  ];
  return h(
    "ul",
    { class: "legend" },
    ...entries.map(([name, text]) => h("li", {}, h("span", { class: `swatch ${name}` }), text!)),
  );
}
