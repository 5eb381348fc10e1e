import type { PageStage, PageWave } from "../../domain/schemas/index.js";
import { proofChart } from "../charts/proof.js";
import { h } from "../elements/dom.js";
import { duration, gap, number, waveNumber, words } from "../elements/format.js";
import type { Section } from "../elements/section.js";
import { lazyDetails, table } from "../elements/table.js";
import { contentWidth } from "./schedule.js";

/** How good the plans provably are, and what rules of thumb reach. */
export const proofSection: Section = {
  id: "proof",
  title: "Is the plan the best?",
  inputs: ({ page, wave }) => [
    page.waves.map(({ state, objective, baseline }) => [state, objective, baseline]),
    wave?.wave,
    wave?.stages,
    contentWidth(),
  ],
  render: ({ page, wave }) => {
    if (page.waves.length === 0) return null;
    return [
      h(
        "p",
        {},
        "No plan can pass the bound. The gap is how far this plan stays behind it at most; 0 % is a proof that no plan is better.",
      ),
      proofTable(page.waves),
      ...(wave === null ? [] : searchOf(wave)),
      ...worth(page.waves),
    ];
  },
};

function proofTable(waves: readonly PageWave[]): HTMLElement {
  return table<PageWave>(
    "Value and bound of each plan",
    [
      { title: "Wave", align: "right", cell: waveNumber },
      {
        title: "Goal",
        cell: ({ objective, strategy_words }) =>
          `${objective.sense === "max" ? "most" : "least"} ${strategy_words.title}`,
      },
      { title: "Unit", cell: ({ strategy_words }) => strategy_words.unit },
      { title: "Value", align: "right", cell: ({ objective }) => number(objective.value) },
      { title: "Bound", align: "right", cell: ({ objective }) => number(objective.bound) },
      { title: "Gap", align: "right", cell: ({ objective }) => gap(objective.gap) },
      { title: "Verdict", cell: ({ termination }) => (termination === "optimal" ? "proven best" : words(termination)) },
    ],
    waves,
  );
}

function searchOf(wave: PageWave): Node[] {
  const { stages } = wave;
  if (stages.length === 0) return [];
  const chart = proofChart(wave, contentWidth());
  return [
    h("h3", {}, `How the search of ${wave.name} went`),
    ...(chart === null
      ? []
      : [
          chart,
          h(
            "ul",
            { class: "legend" },
            h("li", {}, h("span", { class: "swatch value-dot" }), "value of the best plan of a stage"),
            h("li", {}, h("span", { class: "swatch bound-dot" }), "bound"),
          ),
        ]),
    lazyDetails(`All ${stages.length} stages`, () =>
      table<PageStage>(
        `Stages of ${wave.name}`,
        [
          { title: "Stage", cell: ({ stage }) => stage },
          { title: "Solver", cell: ({ solver }) => solver },
          {
            title: "Ended",
            cell: ({ termination, limit }) => `${termination}${limit === null ? "" : `, limit: ${limit}`}`,
          },
          { title: "Value", align: "right", cell: ({ value }) => number(value) },
          { title: "Bound", align: "right", cell: ({ bound }) => number(bound) },
          { title: "Time", align: "right", cell: ({ wall_ms }) => duration(wall_ms) },
          { title: "Note", cell: ({ note }) => note },
        ],
        stages,
      ),
    ),
  ];
}

function worth(waves: readonly PageWave[]): Node[] {
  const rows = waves.flatMap(({ wave, name, baseline }) => (baseline === null ? [] : [{ wave, name, baseline }]));
  if (rows.length === 0) return [];
  return [
    h("h3", {}, "Against the best simple rule"),
    table(
      "This plan and the best rule of thumb, by what was predicted",
      [
        { title: "Wave", align: "right", cell: waveNumber },
        { title: "Goal", cell: ({ baseline }) => words(baseline.goal) },
        { title: "This plan", align: "right", cell: ({ baseline }) => number(baseline.own_value) },
        { title: "Best rule", align: "right", cell: ({ baseline }) => number(baseline.value) },
        { title: "Which", cell: ({ baseline }) => baseline.name },
        {
          title: "Weight left out: plan",
          align: "right",
          cell: ({ baseline }) => number(baseline.own_deferred_weight),
        },
        { title: "rule", align: "right", cell: ({ baseline }) => number(baseline.deferred_weight) },
      ],
      rows,
    ),
  ];
}
