import { z } from "zod";
import { CONFIDENCE_STEPS, GAIN_UNIT, type KindEvidence, LOG_TIME_UNIT } from "../../domain/index.js";
import {
  agentId,
  check,
  compartmentSchema,
  count,
  finite,
  fraction,
  type LearnedStateDocument,
  learnedStateSchema,
  riskLevel,
  text,
} from "../../domain/schemas/index.js";
import { bandTrials, evidenceToDocument, sumsFromMoments } from "../../planner/index.js";

const moments = z.strictObject({ count: count(), mean: finite(), squares: z.number().min(0) });
const kindEvidence = z.strictObject({
  agent_id: agentId().nullable(),
  task_type: text().nullable(),
  risk_level: riskLevel().nullable(),
  /** [confidence, attempts, successes]. */
  trials: z.array(z.tuple([fraction(), count(), count()])),
  log_times: moments,
  gains: moments,
});
const compartment = z.lazy(() =>
  compartmentSchema
    .unwrap()
    .omit({ recent: true, evidence: true, strategies: true, phase17_performance: true })
    .extend({
      evidence: z.array(kindEvidence),
      strategies: z.record(text(), z.strictObject({ waves: count(), mean_reward: z.number().min(0) })),
    }),
);
/** A state of schema version 1: one object a kind, moments instead of sums, no recent waves. */
const firstSchema = z.lazy(() =>
  learnedStateSchema
    .unwrap()
    .omit({ real: true, simulated: true, schema_version: true })
    .extend({ schema_version: z.literal(1), real: compartment, simulated: compartment }),
);

/**
 * A state of version 1 as the newest. Confidences go into bands and measurements into whole units. Rewards of strategies are
 * left behind: they were another quantity.
 *
 * @throws InputError where it is not one
 */
export function migrateFirst(json: unknown, place: string): LearnedStateDocument {
  const state = check(firstSchema, json, place);
  const migrate = ({ evidence, ...rest }: z.infer<typeof compartment>) => ({
    ...rest,
    evidence: evidenceToDocument(evidence.map(toKindEvidence)),
    recent: [],
    phase17_performance: {},
    strategies: {},
  });
  return { ...state, schema_version: 2, real: migrate(state.real), simulated: migrate(state.simulated) };
}

function toKindEvidence(entry: z.infer<typeof kindEvidence>): KindEvidence {
  const trials = entry.trials.map(([confidence, numTrials, successes]) => {
    const step = Math.round(confidence * CONFIDENCE_STEPS);
    return { confidence: step / CONFIDENCE_STEPS, count: numTrials, successes };
  });
  return {
    kind: { agentId: entry.agent_id, taskType: entry.task_type, riskLevel: entry.risk_level },
    isBefore: false,
    trials: bandTrials(trials.filter((one) => one.count > 0)),
    logTimes: sumsFromMoments(entry.log_times, LOG_TIME_UNIT),
    gains: sumsFromMoments(entry.gains, GAIN_UNIT),
  };
}
