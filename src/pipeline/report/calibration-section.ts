import type { CalibrationRow, Coverage, ReliabilityBin } from "../../domain/schemas/index.js";
import { describeCoverage } from "../../domain/index.js";
import { calibrateRun } from "../measure/calibration.js";
import { wilsonInterval } from "../measure/wilson.js";
import type { RunDigest } from "./digest.js";
import { countOf, formatNumber, formatPercent, NOTHING } from "./format.js";
import { markdownTable } from "./table.js";

/** Fewer trials than this leave a reliability curve to chance: its intervals are wider than ± 10 points. */
const ENOUGH_TRIALS = 100;

type Judged = Pick<CalibrationRow, "tasks" | "reliability_bins" | "end_interval" | "expected_calibration_error">;
type Line = Omit<CalibrationRow, "wave" | "timestamp"> & { readonly label: string };

/** How far the predictions can be believed: wave by wave, over the run, and by predicted probability. */
export function renderCalibration({ calibration }: RunDigest, mark: string): string[] {
  const run = calibrateRun(calibration);
  if (run === null) return [];
  const waves: Line[] = calibration
    .filter(({ tasks }) => tasks > 0)
    .map((row) => ({ ...row, label: String(row.wave) }));
  const lines = waves.length === 1 ? waves : [...waves, { ...run, label: "all" }];
  return [
    `## How trustworthy the predictions were${mark}`,
    renderScores(lines),
    "A Brier score well above the one that right predictions would have means that the probabilities are off. Nine ends in ten should fall into their 90 % interval.",
    renderReliability(run.reliability_bins),
    describeCalibration(run).join(" "),
  ];
}

function renderScores(lines: readonly Line[]): string {
  const share = ({ count, covered }: Coverage): string =>
    count === 0 ? NOTHING : `${covered} of ${count} (${formatPercent(covered / count)})`;
  return markdownTable<Line>(
    [
      { title: "Wave", align: "right", cell: ({ label }) => label },
      { title: "Tasks", align: "right", cell: ({ tasks }) => String(tasks) },
      { title: "Brier", align: "right", cell: (row) => formatNumber(row.brier_score) },
      { title: "Brier if right", align: "right", cell: (row) => formatNumber(row.expected_brier_score) },
      { title: "Log loss", align: "right", cell: ({ log_loss }) => formatNumber(log_loss) },
      { title: "Ends in 90 % interval", align: "right", cell: ({ end_interval }) => share(end_interval) },
      { title: "Attempts", align: "right", cell: ({ duration_interval }) => share(duration_interval) },
      { title: "Makespans", align: "right", cell: ({ makespan_interval }) => share(makespan_interval) },
      { title: "Success rates", align: "right", cell: ({ success_interval }) => share(success_interval) },
    ],
    lines,
  );
}

function renderReliability(bins: readonly ReliabilityBin[]): string {
  return markdownTable<ReliabilityBin>(
    [
      { title: "Predicted", cell: ({ from, to }) => `${formatNumber(100 * from)} to ${formatNumber(100 * to)} %` },
      { title: "Tasks", align: "right", cell: ({ count }) => String(count) },
      { title: "Mean prediction", align: "right", cell: (bin) => formatPercent(bin.mean_predicted) },
      { title: "Succeeded", align: "right", cell: ({ observed_rate }) => formatPercent(observed_rate) },
      {
        title: "95 % interval",
        align: "right",
        cell: ({ observed_interval: ends }) =>
          ends === null ? NOTHING : `${formatPercent(ends[0])} to ${formatPercent(ends[1])}`,
      },
      { title: "Prediction inside", cell: (bin) => (isInside(bin) ? "yes" : "no") },
    ],
    bins.filter(({ count }) => count > 0),
  );
}

/** Whether the predictions can be believed, of successes and of times: what report and page say. */
export function describeCalibration(run: Judged): string[] {
  const judged = run.reliability_bins.filter(({ count }) => count > 0);
  const outside = judged.filter((bin) => !isInside(bin)).length;
  const verdict =
    outside === 0
      ? "Every mean prediction lies in the interval of what was observed."
      : `${outside} of ${countOf(judged.length, "mean prediction")} ${outside === 1 ? "lies" : "lie"} outside the interval of what was observed.`;
  const { count, covered } = run.end_interval;
  const ends = wilsonInterval(covered, count);
  return [
    verdict,
    `On average they are ${formatPercent(run.expected_calibration_error)} apart.`,
    ...(ends === null
      ? []
      : [`Of ${countOf(count, "end")}, ${covered} fell into the 90 % interval, ${describeCoverage(ends)}.`]),
    ...(run.tasks < ENOUGH_TRIALS ? [`${countOf(run.tasks, "task")} are few: this says little yet.`] : []),
  ];
}

function isInside({ mean_predicted: predicted, observed_interval: ends }: ReliabilityBin): boolean {
  return predicted !== null && ends !== null && predicted >= ends[0] && predicted <= ends[1];
}
