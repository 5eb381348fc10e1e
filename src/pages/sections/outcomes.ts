import type { PageDocument, PageWave } from "../../domain/schemas/index.js";
import { reliabilityChart } from "../charts/reliability.js";
import { h } from "../elements/dom.js";
import { duration, money, number, percent, waveNumber, words } from "../elements/format.js";
import type { Section } from "../elements/section.js";
import { type Column, table } from "../elements/table.js";

const pair = (planned: string, actual: string): string => `${planned} → ${actual}`;

/** "19 of 24 (79.2 %)"; of no tasks nothing. */
export function shareOf(rate: number | null, tasks: number): string {
  return rate === null ? percent(null) : `${Math.round(rate * tasks)} of ${tasks} (${percent(rate)})`;
}

/** Tasks that the plan ends, and that ended, after their deadlines. */
const LATE: Column<PageWave> = {
  title: "Late",
  align: "right",
  cell: ({ late: { deadlines, planned, actual } }) =>
    deadlines === 0 ? "–" : `${pair(String(planned.length), String(actual.length))} of ${deadlines}`,
};

/** Planned against actual, wave by wave. */
export const comparisonSection: Section = {
  id: "comparison",
  title: "Planned against actual",
  inputs: ({ page }) =>
    page.waves.map(({ wave, planned, actual, counts, late, schedule_adherence, strategy }) => [
      wave,
      late,
      planned,
      actual,
      counts,
      schedule_adherence,
      strategy,
    ]),
  render: ({ page }) => {
    const ran = page.waves.filter(({ counts }) => counts.completed + counts.failed > 0);
    if (ran.length === 0) return null;
    return [
      h(
        "p",
        {},
        "Planned → actual. Success is of the assigned tasks whose end is known. Planned times and tasks a second are the forecast, in which failures, retries and times vary; the bars of the schedule are the plan without chance.",
        ran.some(({ state, actual }) => state === "ended" && actual.makespan_ms === null)
          ? " Of a wave that was cut off, or was not reported whole, time and tasks a second are not known."
          : null,
      ),
      table<PageWave>(
        "Waves",
        [
          { title: "Wave", align: "right", cell: ({ wave }) => String(wave) },
          { title: "Strategy", cell: ({ strategy }) => words(strategy) },
          {
            title: "Success",
            align: "right",
            cell: ({ planned, actual, counts }) =>
              pair(percent(planned.success_rate), shareOf(actual.success_rate, counts.assigned)),
          },
          {
            title: ran.every(({ planned_makespan_of: of }) => of === "forecast") ? "Time (forecast → actual)" : "Time",
            align: "right",
            cell: ({ planned, actual }) => pair(duration(planned.makespan_ms), duration(actual.makespan_ms)),
          },
          {
            title: "Tasks a second",
            align: "right",
            cell: ({ planned, actual }) => pair(number(planned.throughput_per_s), number(actual.throughput_per_s)),
          },
          {
            title: "Confidence gain",
            align: "right",
            cell: ({ planned, actual }) => pair(number(planned.confidence_delta), number(actual.confidence_delta)),
          },
          { title: "Retries", align: "right", cell: ({ counts }) => String(counts.retries) },
          ...(ran.some(({ late }) => late.deadlines > 0) ? [LATE] : []),
          { title: "On plan", align: "right", cell: ({ schedule_adherence }) => percent(schedule_adherence) },
        ],
        ran,
      ),
      ...strategies(page),
      ...metrics(page),
    ];
  },
};

function strategies({ strategy_effectiveness, waves }: PageDocument): Node[] {
  const rows = Object.entries(strategy_effectiveness).sort(([, a], [, b]) => b - a);
  if (rows.length === 0) return [];
  const wavesOf = (name: string): string =>
    waves
      .filter(({ strategy }) => strategy === name)
      .map(({ wave }) => wave)
      .join(", ");
  return [
    h("h3", {}, "Strategies"),
    table(
      "What each strategy that ran achieved of what was planned",
      [
        { title: "Strategy", cell: ([name]) => words(name) },
        { title: "Waves", cell: ([name]) => wavesOf(name) },
        { title: "Achieved of planned", align: "right", cell: ([, share]) => percent(share) },
      ],
      rows,
    ),
  ];
}

function metrics({ metrics: rows }: PageDocument): Node[] {
  if (rows.length === 0) return [];
  return [
    h("h3", {}, "Metrics"),
    table(
      "Over all waves",
      [
        { title: "Metric", cell: ({ metric_name }) => words(metric_name) },
        { title: "Value", align: "right", cell: ({ value, waves }) => percent(waves === 0 ? null : value) },
        { title: "Target", align: "right", cell: ({ target_value }) => percent(target_value) },
        { title: "Least", align: "right", cell: ({ threshold_min }) => percent(threshold_min) },
        { title: "Status", cell: ({ status, waves }) => (waves === 0 ? "not measured" : status) },
      ],
      rows,
    ),
  ];
}

/** Whether predicted chances come true. */
export const calibrationSection: Section = {
  id: "predictions",
  title: "Can the predictions be believed?",
  inputs: ({ page }) => page.calibration,
  render: ({ page: { calibration } }) => {
    if (calibration === null) return null;
    const bins = calibration.reliability_bins.filter((bin) => bin.count > 0);
    return [
      h(
        "p",
        {},
        `${calibration.verdict.join(" ")} Brier score ${number(calibration.brier_score)}; right predictions would have ${number(calibration.expected_brier_score)}.`,
      ),
      h(
        "div",
        { class: "beside" },
        reliabilityChart(calibration),
        table(
          "Predicted and observed success",
          [
            { title: "Predicted", cell: ({ from, to }) => `${Math.round(100 * from)} to ${Math.round(100 * to)} %` },
            { title: "Tasks", align: "right", cell: (bin) => String(bin.count) },
            { title: "Mean prediction", align: "right", cell: (bin) => percent(bin.mean_predicted) },
            { title: "Succeeded", align: "right", cell: (bin) => percent(bin.observed_rate) },
            {
              title: "95 % interval",
              align: "right",
              cell: ({ observed_interval: i }) => (i === null ? "–" : `${percent(i[0])} to ${percent(i[1])}`),
            },
          ],
          bins,
        ),
      ),
    ];
  },
};

/** What it cost. */
export const moneySection: Section = {
  id: "money",
  title: "Money",
  inputs: ({ page }) => page.waves.map(({ wave, state, planned, actual }) => [wave, state, planned.cost, actual.cost]),
  render: ({ page: { waves } }) => {
    const rows = waves.filter(({ planned, actual }) => planned.cost !== null || actual.cost !== null);
    if (rows.length === 0) return null;
    return [
      table<PageWave>(
        "Cost of each wave, in the unit of the agents' rates",
        [
          { title: "Wave", align: "right", cell: waveNumber },
          { title: "Planned", align: "right", cell: ({ planned }) => money(planned.cost) },
          { title: "Actual", align: "right", cell: ({ actual }) => money(actual.cost) },
          {
            title: "Per completed task",
            align: "right",
            cell: ({ actual, counts }) =>
              actual.cost === null || counts.completed === 0 ? "–" : money(actual.cost / counts.completed),
          },
        ],
        rows,
      ),
    ];
  },
};
