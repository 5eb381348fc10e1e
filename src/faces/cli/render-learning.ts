import { countOf } from "../../domain/index.js";
import type { LearnReport, StateDigest } from "../../domain/schemas/index.js";
import type { Paint } from "./paint.js";
import { renderTable } from "./table.js";
import { formatNumber, formatShare, paragraph } from "./text.js";

const RIGHT = { align: "right" } as const;

/** What was learned, and what the state holds now, for a person. */
export function renderLearning({ action, message, learned, state }: LearnReport, paint: Paint): string {
  const simulated =
    state.simulated_outcomes === 0 ? [] : [`simulated outcomes, reported only: ${state.simulated_outcomes}`];
  const version = `schema version ${state.schema_version}, updated ${state.updated ?? "never"}`;
  const counts = `state: ${countOf(state.outcomes, "outcome")}, ${countOf(state.files.length, "file")}, ${countOf(state.runs.length, "run")}; ${version}`;
  return [
    `${paint.bold(action)}: ${message}`,
    ...(learned === null || learned.new_rows === 0 ? [] : [`\n${renderFiles(learned, paint)}`]),
    `\n${paragraph(counts, paint).replace("state", paint.bold)}`,
    ...simulated,
    ...(state.type_from === null ? [] : [`what stands for the type of a task: ${state.type_from}`]),
    ...renderTallies(state, paint),
    ...renderSpecializations(state, paint),
    ...renderWeights(state),
    "",
  ].join("\n");
}

function renderFiles({ files }: NonNullable<LearnReport["learned"]>, paint: Paint): string {
  return renderTable(
    [
      { title: "file", excess: "shorten" },
      { title: "rows", ...RIGHT },
      { title: "new", ...RIGHT },
    ],
    files.map(({ name, rows, new_rows: fresh }) => [name, String(rows), String(fresh)]),
    paint,
  );
}

function renderTallies({ agents, task_types: types }: StateDigest, paint: Paint): string[] {
  const table = (
    title: string,
    rows: readonly (readonly [string, StateDigest["agents"][number] | StateDigest["task_types"][number]])[],
  ) =>
    rows.length === 0
      ? []
      : [
          `\n${renderTable(
            [
              { title, excess: "shorten" },
              ...["attempts", "successes", "rate"].map((name) => ({ title: name, ...RIGHT })),
            ],
            rows.map(([name, { trials, successes, success_rate: rate }]) => [
              ...[name, formatNumber(trials), formatNumber(successes), formatShare(rate)],
            ]),
            paint,
          )}`,
        ];
  return [
    ...table(
      "agent",
      agents.map((agent) => [agent.agent_id ?? "(none)", agent] as const),
    ),
    ...table(
      "task type",
      types.map((type) => [type.task_type ?? "(none)", type] as const),
    ),
  ];
}

function renderSpecializations({ specializations }: StateDigest, paint: Paint): string[] {
  if (specializations.length === 0) return [];
  const rows = specializations.map((pair) => [
    ...[pair.agent_id, pair.task_type, formatNumber(pair.trials), formatShare(pair.success_rate)],
    ...[formatShare(pair.predicted_success), `+${(100 * pair.advantage).toFixed(1)} points`],
  ]);
  const columns = ["attempts", "rate", "predicted", "advantage"].map((title) => ({ title, ...RIGHT }));
  const titles = [
    { title: "better at", excess: "shorten" },
    { title: "task type", excess: "shorten" },
  ] as const;
  return [`\n${renderTable([...titles, ...columns], rows, paint)}`];
}

function renderWeights({ heuristic_weights: weights, strategies }: StateDigest): string[] {
  const heuristics = Object.entries(weights).map(([id, weight]) => `${id} ${formatNumber(weight)}`);
  const rewards = Object.entries(strategies).map(
    ([name, { waves, mean_reward: reward }]) => `${name} ${formatNumber(reward)} (${waves})`,
  );
  return [
    ...(heuristics.length === 0 ? [] : [`\nweights: ${heuristics.join(", ")}`]),
    ...(rewards.length === 0 ? [] : [`\nrewards by strategy (waves): ${rewards.join(", ")}`]),
  ];
}
