import type { PageDocument, PageWave } from "../../domain/schemas/index.js";
import { reliabilityChart } from "../charts/reliability.js";
import { h } from "../elements/dom.js";
import { count, duration, money, number, percent, words } from "../elements/format.js";
import type { Section } from "../elements/section.js";
import { table } from "../elements/table.js";

const pair = (planned: string, actual: string): string => `${planned} → ${actual}`;

/** Expected against actual, wave by wave. */
export const comparisonSection: Section = {
  id: "comparison",
  title: "Expected against actual",
  inputs: ({ page }) =>
    page.waves.map(({ wave, planned, actual, counts, schedule_adherence, strategy }) => [
      wave,
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
        "Expected → actual. What is expected counts failures, retries and times that vary; the bars of the schedule are the plan without chance.",
      ),
      table<PageWave>(
        "Waves",
        [
          { title: "Wave", align: "right", cell: ({ wave }) => String(wave) },
          { title: "Strategy", cell: ({ strategy }) => words(strategy) },
          {
            title: "Success",
            align: "right",
            cell: ({ planned, actual }) => pair(percent(planned.success_rate), percent(actual.success_rate)),
          },
          {
            title: "Time",
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
      "What each strategy that ran achieved of what was expected",
      [
        { title: "Strategy", cell: ([name]) => words(name) },
        { title: "Waves", cell: ([name]) => wavesOf(name) },
        { title: "Achieved of expected", align: "right", cell: ([, share]) => percent(share) },
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
        { title: "Value", align: "right", cell: ({ value, waves }) => (waves === 0 ? "not measured" : percent(value)) },
        { title: "Target", align: "right", cell: ({ target_value }) => percent(target_value) },
        { title: "Least", align: "right", cell: ({ threshold_min }) => percent(threshold_min) },
        { title: "Status", cell: ({ status }) => status },
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
    const { end_interval: ends } = calibration;
    const outside = bins.filter(
      ({ mean_predicted: p, observed_interval: i }) => p !== null && i !== null && (p < i[0] || p > i[1]),
    ).length;
    const verdict =
      outside === 0
        ? "Successes came as predicted, as far as chance alone explains."
        : `${outside} of ${count(bins.length, "group")} of predicted successes ${outside === 1 ? "lies" : "lie"} outside what chance alone explains.`;
    return [
      h(
        "p",
        {},
        `${verdict} ${ends.covered} of ${count(ends.count, "task")} ended within the predicted 90 % interval. Brier score ${number(calibration.brier_score)}; right predictions would have ${number(calibration.expected_brier_score)}.`,
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
  inputs: ({ page }) => page.waves.map(({ wave, planned, actual }) => [wave, planned.cost, actual.cost]),
  render: ({ page: { waves } }) => {
    const rows = waves.filter(({ planned, actual }) => planned.cost !== null || actual.cost !== null);
    if (rows.length === 0) return null;
    return [
      table<PageWave>(
        "Cost of each wave, in the unit of the agents' rates",
        [
          { title: "Wave", align: "right", cell: ({ wave }) => String(wave) },
          { title: "Expected", align: "right", cell: ({ planned }) => money(planned.cost) },
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
