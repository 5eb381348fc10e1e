import { z } from "zod";
import { evidenceSchema, NO_EVIDENCE } from "./evidence.js";
import { fraction, text, wholeNumber, strict } from "./fields.js";
import { agentId, count, timestamp } from "./output-fields.js";

export const MAX_COUNTED_WAVES = 20;

export const compartmentSchema = strict(() => ({
  /** Tasks whose outcomes are in it. */
  outcomes: count(),
  /** Of all waves but the recent ones, and of history. */
  evidence: evidenceSchema,
  /** Evidence of the last waves, one entry a wave, oldest first: in them a change of an agent is looked for. */
  recent: z.array(evidenceSchema),
  /** Numbers of the waves in history files, the smallest 20 ascending: with so many the early waves of a fleet are over. */
  history_waves: z.array(count()).max(MAX_COUNTED_WAVES),
  /** Waves of runs. */
  run_waves: count(),
  /** Agents whose outcome rows in history files are in the evidence: their aggregates restate it. Ascending. */
  restated_agents: z.array(agentId()),
  heuristic_weights: z.record(text(), z.number().min(0.5).max(1.5)),
  heuristic_performance: z.record(text(), z.strictObject({ applications: count(), successes: count() })),
  /** What Phase 17's cumulative `heuristic_performance.json` said when it was last learned: only its growth is new. */
  phase17_performance: z.record(text(), z.strictObject({ applications: count(), successes: count() })),
  /** Rewards by strategy and mission: waves, their mean in [0, 1], and the sum of squared deviations from it. */
  strategies: z.record(text(), z.strictObject({ waves: count(), mean_reward: fraction(), squares: z.number().min(0) })),
}));

/** A history file that has been learned: its content, not its name, says which it is. */
export const learnedFileSchema = strict(() => ({
  /** Role of the file, such as `phase17/execution_outcomes.jsonl`; for people only. */
  name: text(),
  sha256: text(),
  bytes: count(),
  rows: count(),
  /** Of its first line, which finds the file again after it grew. */
  head_sha256: text(),
}));

/** `learned_state.json` and `state_before.json`: counts and parameters, never code. */
export const learnedStateSchema = strict(() => ({
  format: z.literal("phase19-learned-state"),
  schema_version: z.literal(3),
  /** Run or command that wrote it; null of a state that has learned nothing. */
  run_id: text().nullable(),
  updated: timestamp().nullable(),
  files: z.array(learnedFileSchema),
  /** Field of the task rows that stands for the type, `none` where none does; null where no task was learned. */
  type_from: text().nullable(),
  real: compartmentSchema,
  /** Reported, never carried on. */
  simulated: compartmentSchema,
  /** Runs whose real outcomes are in it; a run that is repeated does not count twice. */
  runs: z.array(z.strictObject({ run_id: text(), outcomes: wholeNumber(0) })),
}));

export type LearnedStateDocument = z.infer<typeof learnedStateSchema>;
export type StateCompartment = z.infer<typeof compartmentSchema>;
export type LearnedFile = z.infer<typeof learnedFileSchema>;

const EMPTY_COMPARTMENT: StateCompartment = {
  outcomes: 0,
  evidence: NO_EVIDENCE,
  recent: [],
  history_waves: [],
  run_waves: 0,
  restated_agents: [],
  heuristic_weights: {},
  heuristic_performance: {},
  phase17_performance: {},
  strategies: {},
};

/** A state that has learned nothing. */
export const EMPTY_STATE: LearnedStateDocument = {
  format: "phase19-learned-state",
  schema_version: 3,
  run_id: null,
  updated: null,
  files: [],
  type_from: null,
  real: EMPTY_COMPARTMENT,
  simulated: EMPTY_COMPARTMENT,
  runs: [],
};
