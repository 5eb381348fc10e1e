import type { PageDocument, PageWave } from "../../domain/schemas/index.js";
import { h } from "../elements/dom.js";
import { count, duration, gap, instant, money, percent } from "../elements/format.js";
import type { SectionContext } from "../elements/section.js";

/** Title, what kind of run it is, the whole in plain words, and the figures one looks for first. */
export function pageHead({ page }: SectionContext): Node[] {
  const { kind, run_id, execution, state, strategy, started_at, ended_at, seed, version, gate } = page;
  const facts = [
    `strategy ${strategy}`,
    gate === null ? null : gate === "live" ? "live gate" : "rehearsed gate",
    seed === null ? null : `seed ${seed}`,
    instant(started_at ?? ended_at),
    page.duration_ms === null ? null : `made in ${duration(page.duration_ms)}`,
    `version ${version}`,
  ];
  return [
    h(
      "h1",
      {},
      kind === "plan" ? planTitle(page) : state === "waiting" ? "No run yet" : `Run ${run_id ?? ""}`,
      execution === null ? null : h("span", { class: `badge ${execution}` }, execution),
      state === "finished" ? null : h("span", { class: `badge ${state}` }, state),
    ),
    h("p", { class: "muted" }, facts.filter((fact) => fact !== null).join(" · ")),
    ...(execution === "simulated"
      ? [
          h(
            "p",
            { class: "notice" },
            "Simulated: every outcome was drawn from the plan’s own predictions. The figures say what the plan would bring if those are right, not what agents did.",
          ),
        ]
      : []),
    h("ul", { class: "headline" }, ...page.headline.map((sentence) => h("li", {}, sentence))),
    h("dl", { class: "tiles" }, ...tilesOf(page).map(({ name, value, note }) => tile(name, value, note))),
    ...adviceOf(page),
  ];
}

function planTitle({ waves: [wave] }: PageDocument): string {
  return wave === undefined || wave.name === "the wave" ? "Plan of a wave" : `Plan of ${wave.name}`;
}

interface Tile {
  readonly name: string;
  readonly value: string;
  readonly note: string;
}

function tile(name: string, value: string, note: string): HTMLElement {
  return h(
    "div",
    { class: "tile" },
    h("dt", {}, name),
    h("dd", { class: "value" }, value),
    h("dd", { class: "muted" }, note),
  );
}

function tilesOf(page: PageDocument): Tile[] {
  const { tasks, health, waves, kind } = page;
  // A plan that places nothing leaves nothing to choose.
  const planned = waves.filter(({ objective, counts }) => objective.value !== null && counts.total > counts.deferred);
  const numBest = planned.filter(({ termination }) => termination === "optimal").length;
  const sum = (values: readonly (number | null)[]): number | null => {
    const known = values.filter((value) => value !== null);
    return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
  };
  const [plannedCost, actualCost] = [
    sum(waves.map(({ planned }) => planned.cost)),
    sum(waves.map(({ actual }) => actual.cost)),
  ];
  // Side by side only what is known on both sides: a wave that goes on has no time yet.
  const timed = waves.filter(({ actual }) => actual.makespan_ms !== null);
  const [plannedTime, actualTime] = [
    sum((timed.length === 0 ? waves : timed).map(({ planned }) => planned.makespan_ms)),
    sum(timed.map(({ actual }) => actual.makespan_ms)),
  ];
  const placed = tasks.total - tasks.deferred;
  const isForecast = waves.every(({ planned_makespan_of: of }) => of !== "schedule");
  if (kind === "plan" && waves.every(({ objective }) => objective.value === null)) {
    return [{ name: "Plan", value: "none", note: waves[0]?.termination.replaceAll("_", " ") ?? "no wave" }];
  }
  return [
    kind === "plan"
      ? { name: "Tasks placed", value: `${placed} of ${tasks.total}`, note: `${tasks.deferred} deferred` }
      : {
          name: "Tasks completed",
          value: `${tasks.completed} of ${tasks.total}`,
          note: `${tasks.failed} failed, ${tasks.deferred} deferred, ${count(tasks.retries, "retry").replace("retrys", "retries")}`,
        },
    ...(planned.length === 0
      ? []
      : [
          {
            name: "Plans proven best",
            value: `${numBest} of ${planned.length}`,
            note: largestGap(planned),
          },
        ]),
    ...(health === null
      ? []
      : [
          health.score === null
            ? { name: "Health", value: "–", note: "no wave that ended has run a task" }
            : { name: "Health", value: health.score.toFixed(1), note: `of 100, ${health.status.toLowerCase()}` },
        ]),
    {
      name: "Time",
      value: duration(actualTime ?? plannedTime),
      note: `${actualTime === null ? "" : `${duration(plannedTime)} `}${isForecast ? "forecast" : "planned"}`,
    },
    ...(plannedCost === null && actualCost === null
      ? []
      : [
          {
            name: "Cost",
            value: money(actualCost ?? plannedCost),
            note: actualCost === null ? "planned" : `${money(plannedCost)} planned`,
          },
        ]),
    ...successTile(page),
  ];
}

/** The widest distance from a bound: a share of the value, which says nothing of a mix (near 0 at its best) or beyond the whole value. */
function largestGap(planned: readonly PageWave[]): string {
  const open = planned.filter(({ termination }) => termination !== "optimal");
  const gaps = open.flatMap(({ objective, strategy }) =>
    strategy === "mix" || objective.gap === null || objective.gap >= 1 ? [] : [objective.gap],
  );
  const isWhole = gaps.length === open.length;
  if (gaps.length === 0) return isWhole ? "largest gap 0 %" : "see “Is the plan the best?”";
  return `largest gap ${gap(Math.max(...gaps))}${isWhole ? "" : " of those that have one"}`;
}

function successTile({ waves, metrics }: PageDocument): Tile[] {
  const accuracy = metrics.find(({ metric_name, waves }) => metric_name === "schedule_accuracy" && waves > 0);
  if (accuracy !== undefined) {
    return [
      { name: "Prediction met", value: percent(accuracy.value), note: `target ${percent(accuracy.target_value)}` },
    ];
  }
  const [wave] = waves;
  return wave === undefined || waves.length > 1
    ? []
    : [{ name: "Predicted success", value: percent(wave.planned.success_rate), note: "of the tasks placed" }];
}

function adviceOf({ advice }: PageDocument): Node[] {
  if (advice.length === 0) return [];
  return [h("h2", { class: "small" }, "What to do"), h("ol", {}, ...advice.map((text) => h("li", {}, text)))];
}
