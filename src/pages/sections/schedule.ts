import type { PageDocument, PageTask, PageWave } from "../../domain/schemas/index.js";
import { h } from "../elements/dom.js";
import { count, duration, percent } from "../elements/format.js";
import type { Section, SectionContext } from "../elements/section.js";
import { type Column, lazyDetails, table } from "../elements/table.js";
import { gantt } from "../gantt/gantt.js";

/** Width of what sections draw. */
export const contentWidth = (): number => Math.max(260, Math.min(1120, document.documentElement.clientWidth - 64));

/** Who does what when: the waves to choose from, the schedule of one, and what it leaves out. */
export const scheduleSection: Section = {
  id: "schedule",
  title: "Schedule",
  inputs: ({ wave, view, page }) => [
    wave,
    view.zoom,
    [page.kind, page.state],
    page.waves.map(({ wave, state }) => [wave, state]),
    contentWidth(),
  ],
  render: (context) => {
    const { wave, page } = context;
    if (wave === null) return [h("p", {}, "No wave was planned.")];
    if (page.kind === "plan" && wave.objective.value === null) return [h("p", {}, "There is no plan to show.")];
    return [
      ...(page.waves.length > 1 ? [waveChooser(context, wave)] : []),
      h("p", {}, describeWave(wave)),
      ...(wave.hidden_tasks > 0
        ? [
            h(
              "p",
              { class: "notice" },
              `The ${wave.hidden_tasks} tasks of this wave are not drawn: the page would be slow. They are in the files.`,
            ),
          ]
        : gantt(wave, context, contentWidth())),
      ...bottleneckOf(wave),
      ...(wave.tasks.length === 0 ? [] : [lazyDetails("The schedule as a table", () => scheduleTable(wave))]),
      ...deferredTable(wave, page),
    ];
  },
};

function waveChooser({ page, change }: SectionContext, current: PageWave): HTMLElement {
  const buttons = page.waves.map((wave) => {
    const isCurrent = wave.wave === current.wave;
    const button = h(
      "button",
      { id: `wave-${wave.wave}`, type: "button", "aria-pressed": isCurrent ? "true" : "false" },
      `Wave ${wave.wave}`,
    );
    button.addEventListener("click", () => change({ wave: wave.wave, task: null }));
    return button;
  });
  return h("div", { class: "tools", role: "group", "aria-label": "Wave to show" }, ...buttons);
}

function describeWave({
  strategy,
  strategy_words: { goal },
  strategy_reason,
  counts,
  agents,
  state,
}: PageWave): string {
  const outcome = state === "planned" ? "" : ` ${counts.completed} completed, ${counts.failed} failed so far.`;
  const done = state === "ended" ? ` ${counts.completed} completed, ${counts.failed} failed.` : outcome;
  const why = strategy_reason === null ? "" : `: ${strategy_reason.replace(/\.$/, "")}`;
  return `${count(counts.total, "task")}, ${count(agents.length, "agent")}, ${counts.deferred} deferred. Goal: ${goal}. Strategy ${strategy}${why}.${done}`;
}

function bottleneckOf({ bottleneck }: PageWave): Node[] {
  return bottleneck === null ? [] : [h("p", {}, h("strong", {}, "Bottleneck: "), bottleneck)];
}

/** Of a wave that has begun. */
const ACTUAL_END: Column<PageTask> = {
  title: "Actual end",
  align: "right",
  cell: ({ attempts }) => duration(attempts.at(-1)?.end_ms ?? null),
};
const ATTEMPTS: Column<PageTask> = {
  title: "Attempts",
  align: "right",
  cell: ({ attempts }) => String(attempts.length),
};
const STATE: Column<PageTask> = { title: "State", cell: ({ state }) => state };

function scheduleTable({ tasks, name, state }: PageWave): HTMLElement {
  return table<PageTask>(
    `Tasks of ${name}`,
    [
      { title: "Task", cell: ({ task_id }) => task_id },
      { title: "Agent", cell: ({ agent_id }) => agent_id },
      { title: "Planned start", align: "right", cell: ({ start_ms }) => duration(start_ms) },
      { title: "Planned end", align: "right", cell: ({ end_ms }) => duration(end_ms) },
      ...(state === "planned" ? [] : ([ACTUAL_END] as const)),
      { title: "Chance", align: "right", cell: ({ success_probability }) => percent(success_probability) },
      ...(state === "planned" ? [] : ([ATTEMPTS, STATE] as const)),
    ],
    [...tasks].sort((a, b) => a.start_ms - b.start_ms),
  );
}

interface DeferredGroup {
  readonly stage: string;
  readonly reason: string;
  readonly isFinal: boolean;
  readonly ids: string[];
}

const COMES_AGAIN: Column<DeferredGroup> = { title: "Comes again", cell: ({ isFinal }) => (isFinal ? "no" : "yes") };

/** Tasks with the same reason in one row, the most frequent reason first. */
function deferredTable({ deferred, name }: PageWave, { kind, state }: PageDocument): Node[] {
  if (deferred.length === 0) return [h("p", {}, "No task was deferred.")];
  const groups = new Map<string, DeferredGroup>();
  for (const { task_id, stage, reason, final: isFinal } of deferred) {
    const key = JSON.stringify([stage, reason, isFinal]);
    const group = groups.get(key) ?? { stage, reason, isFinal, ids: [] };
    groups.set(key, group);
    group.ids.push(task_id);
  }
  // A plan knows no wave after it, and a run that goes on decides at its end.
  const isDecided = kind === "run" && state === "finished";
  const rows = [...groups.values()].sort((a, b) => b.ids.length - a.ids.length);
  const show = (some: readonly DeferredGroup[]): HTMLElement =>
    table<DeferredGroup>(
      `Deferred in ${name}`,
      [
        { title: "Tasks", align: "right", cell: ({ ids }) => String(ids.length) },
        { title: "By", cell: ({ stage }) => stage },
        { title: "Reason", cell: ({ reason }) => reason },
        { title: "Which", cell: ({ ids }) => listIds(ids) },
        ...(isDecided ? ([COMES_AGAIN] as const) : []),
      ],
      some,
    );
  const rest = rows.slice(MOST_REASONS);
  return [
    h("h3", {}, `Deferred tasks: ${deferred.length}`),
    show(rows.slice(0, MOST_REASONS)),
    ...(rest.length === 0 ? [] : [lazyDetails(`${rest.length} more reasons`, () => show(rest))]),
  ];
}

const MOST_REASONS = 6;
const MOST_IDS = 12;

/** The first ids, and the others where they are asked for. */
function listIds(ids: readonly string[]): Node {
  const [first, rest] = [ids.slice(0, MOST_IDS).join(", "), ids.slice(MOST_IDS)];
  if (rest.length === 0) return h("span", {}, first);
  return h(
    "div",
    {},
    first,
    lazyDetails(`${rest.length} more`, () => h("p", {}, rest.join(", "))),
  );
}
