import { z } from "zod";
import { fraction, text, strict } from "./fields.js";
import { agentId, count, finite, rate, strategy, timestamp, words } from "./output-fields.js";

const tally = () => ({ trials: count(), successes: count(), success_rate: rate().nullable() });

/** What a learned state holds, for people and programs that do not read the state itself. Trials are attempts. */
export const stateDigestSchema = strict(() => ({
  schema_version: count(),
  run_id: text().nullable(),
  updated: timestamp().nullable(),
  /** Tasks whose outcomes are in it. */
  outcomes: count(),
  /** Reported, never used for predictions and never carried on. */
  simulated_outcomes: count(),
  runs: z.array(z.strictObject({ run_id: text(), outcomes: count() })),
  files: z.array(z.strictObject({ name: text(), rows: count() })),
  /** Ascending; null stands for outcomes that name no agent. */
  agents: z.array(z.strictObject({ agent_id: agentId().nullable(), ...tally() })),
  task_types: z.array(z.strictObject({ task_type: text().nullable(), ...tally() })),
  /** Field of the task rows that stands for the type, `none` where none does; null where no task was learned. */
  type_from: text().nullable(),
  heuristic_weights: z.record(text(), finite()),
  strategies: z.partialRecord(strategy(), z.strictObject({ waves: count(), mean_reward: finite() })),
  /** Strongest first: pairs predicted better than the agent's and the type's own means suggest. */
  specializations: z.array(
    z.strictObject({
      agent_id: agentId(),
      task_type: text(),
      ...tally(),
      /** Of one attempt at MEDIUM risk and confidence .75. */
      predicted_success: fraction(),
      /** What of it neither the agent's nor the type's mean explains. */
      advantage: finite(),
    }),
  ),
}));

/** What `phase19 learn` prints. */
export const learnReportSchema = strict(() => ({
  schema_version: z.literal(1),
  action: z.enum(["learned", "unchanged", "inspected", "reset", "migrated"]),
  message: text(),
  /** Null where no history was read. */
  learned: z
    .strictObject({
      files: z.array(z.strictObject({ name: text(), rows: count(), new_rows: count() })),
      new_rows: count(),
      outcomes: count(),
      agents: z.array(agentId()),
      task_types: words(),
    })
    .nullable(),
  /** Lines that broke a rule, and optional files that were not there. */
  skipped: z.array(z.strictObject({ place: text(), reason: text() })),
  absent: words(),
  /** What a user should hear of the rows that were read, a sentence each. */
  warnings: words(),
  state: stateDigestSchema,
}));

export type StateDigest = z.infer<typeof stateDigestSchema>;
export type LearnReport = z.infer<typeof learnReportSchema>;
