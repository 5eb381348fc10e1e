import { countOf } from "../../domain/index.js";
import type { CalibrationReport, ReliabilityBin } from "../../domain/schemas/index.js";
import type { Paint } from "./paint.js";
import { renderTable } from "./table.js";
import { formatShare, paragraph } from "./text.js";

const WAYS = [
  ["learned", "learned state"],
  ["prior", "prior formula"],
  ["base_rate", "constant base rate"],
] as const;
const RIGHT = { align: "right" } as const;

/** Share of times that their interval should hold. */
const TIMES_INSIDE = 0.9;

/** A calibration for a person: the verdicts on chances and times, scores of the three ways, reliability, agents and types. */
export function renderCalibration(report: CalibrationReport, paint: Paint): string {
  const simulated = report.execution === "simulated" ? " (simulated)" : "";
  const counts = `${countOf(report.trials, "attempt")} in ${countOf(report.rows, "row")}, ${report.successes} successful${simulated}`;
  const { outcomes, runs, files } = report.state;
  return [
    paragraph(
      `calibration of ${counts}; the state rests on ${countOf(outcomes, "outcome")} of ${countOf(files, "file")} and ${countOf(runs, "run")}`,
      paint,
    ).replace("calibration", paint.bold),
    ...[verdictOf(report, paint), verdictOfTimes(report, paint)],
    ...report.notes.map((note) => paint.mixed(paragraph(`note: ${note}`, paint))),
    `\n${renderWays(report, paint)}`,
    `\n${paint.bold("reliability of the learned state")}\n${renderBins(report.predictions.learned.reliability_bins, paint)}`,
    `\n${renderChoices(report.choices, paint)}`,
    `\n${renderGroups(
      "agent",
      report.agents.map((group) => [group.agent_id, group] as const),
      paint,
    )}`,
    `\n${renderGroups(
      "task type",
      report.task_types.map((group) => [group.task_type ?? "(none)", group] as const),
      paint,
    )}`,
    ...report.skipped.map(({ rows, reason }) =>
      paint.dim(`\nignored: ${rows} ${rows === 1 ? "row" : "rows"}, ${reason}`),
    ),
    "",
  ].join("\n");
}

/** Better or worse only beyond two standard errors of the difference, trial by trial. */
function verdictOf({ brier_difference: { prior } }: CalibrationReport, paint: Paint): string {
  const { mean, standard_error: error } = prior;
  const say = (words: string): string => paragraph(`chances: ${words}: ${size}`, paint);
  const word = mean < 0 ? "lower" : "higher";
  const size = `Brier score ${word} by ${fourDecimals(Math.abs(mean))}${error === null ? "" : ` ± ${fourDecimals(error)}`}`;
  if (error === null || Math.abs(mean) <= 2 * error)
    return paint.mixed(say("learning made no clear difference to the prior"));
  return mean < 0 ? paint.good(say("better than the prior")) : paint.bad(say("worse than the prior"));
}

function renderWays({ predictions }: CalibrationReport, paint: Paint): string {
  const columns = ["Brier", "± s.e.", "if right", "log loss", "reliability", "resolution", "uncertainty", "ECE"];
  return renderTable(
    [{ title: "predictions" }, ...columns.map((title) => ({ title, ...RIGHT }))],
    WAYS.map(([way, name]) => {
      const scores = predictions[way];
      const parts = scores.brier_decomposition;
      const numbers = [
        ...[scores.brier_score, scores.brier_standard_error, scores.expected_brier_score, scores.log_loss],
        ...[parts?.reliability ?? null, parts?.resolution ?? null, parts?.uncertainty ?? null],
        scores.expected_calibration_error,
      ];
      return [name, ...numbers.map(fourDecimals)];
    }),
    paint,
  );
}

function renderBins(bins: readonly ReliabilityBin[], paint: Paint): string {
  return renderTable(
    [
      { title: "predicted" },
      ...["trials", "mean", "observed", "from", "to"].map((title) => ({ title, ...RIGHT })),
      { title: "inside" },
    ],
    bins
      .filter(({ count }) => count > 0)
      .map(({ from, to, count, mean_predicted: mean, observed_rate: rate, observed_interval: ends }) => [
        `${formatShare(from)} to ${formatShare(to)}`,
        String(count),
        ...[mean, rate, ends?.[0] ?? null, ends?.[1] ?? null].map(formatShare),
        mean !== null && ends !== null && mean >= ends[0] && mean <= ends[1] ? "yes" : "no",
      ]),
    paint,
  );
}

/** Right unless the share of times in their interval is another beyond chance. */
function verdictOfTimes(
  { time_interval: { count, covered, below, above, share_interval: ends } }: CalibrationReport,
  paint: Paint,
): string {
  if (count === 0 || ends === null) return "times: none was measured";
  const range = `95 % interval ${formatShare(ends[0])} to ${formatShare(ends[1])}`;
  const share = `${covered} of ${count} in their 90 % interval (${formatShare(covered / count)}; ${range}); ${below} shorter, ${above} longer`;
  const say = (words: string): string => paragraph(`times: ${words}: ${share}`, paint);
  if (TIMES_INSIDE < ends[0]) return paint.mixed(say("they vary less than predicted"));
  if (TIMES_INSIDE > ends[1]) return paint.bad(say("not as predicted"));
  return paint.good(say("as predicted"));
}

function renderChoices(choices: CalibrationReport["choices"], paint: Paint): string {
  if (choices === null) return "choices: no wave had two agents, so nothing could have been chosen otherwise";
  const { waves, tasks, moved, observed, logged, learned, heuristic, gain_over_logged, gain_over_heuristic } = choices;
  const oneDecimal = (value: number): string => value.toFixed(1);
  const row = (name: string, { successes, interval }: typeof logged): string[] => [
    ...[name, oneDecimal(successes), ...interval.map(oneDecimal)],
  ];
  const head = paragraph(
    `choices in ${countOf(waves, "wave")} of ${countOf(tasks, "task")}, ${moved} of which the learned model would have given to another agent`,
    paint,
  ).replace("choices", paint.bold);
  const table = renderTable(
    [{ title: "expected successes" }, ...["mean", "from", "to"].map((title) => ({ title, ...RIGHT }))],
    [
      row(`as it was done (${observed} came)`, logged),
      row("by the learned model", learned),
      ...(heuristic === null ? [] : [row(`by the best heuristic, ${heuristic.name}`, heuristic)]),
      row("more than was done", gain_over_logged),
      ...(gain_over_heuristic === null ? [] : [row("more than the heuristic", gain_over_heuristic)]),
    ],
    paint,
  );
  const words = paragraph(choices.reason, paint);
  const reason = choices.verdict === "better" ? paint.good(words) : paint.mixed(words);
  return `${head}\n${table}\n${reason}`;
}

type Group = Omit<CalibrationReport["agents"][number], "agent_id">;

function renderGroups(title: string, groups: readonly (readonly [string, Group])[], paint: Paint): string {
  return renderTable(
    [
      { title, excess: "shorten" },
      { title: "trials", ...RIGHT },
      { title: "successes", ...RIGHT },
      ...WAYS.map(([, name]) => ({ title: name, ...RIGHT })),
    ],
    groups.map(([name, { trials, successes, brier_score: brier }]) => [
      ...[name, String(trials), String(successes)],
      ...WAYS.map(([way]) => fourDecimals(brier[way])),
    ]),
    paint,
  );
}

function fourDecimals(value: number | null): string {
  return value === null ? "–" : value.toFixed(4);
}
