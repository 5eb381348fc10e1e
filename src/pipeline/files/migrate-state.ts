import { z } from "zod";
import { CONFIDENCE_STEPS, GAIN_UNIT, type KindEvidence, LOG_TIME_UNIT } from "../../domain/index.js";
import {
  agentId,
  check,
  compartmentSchema,
  count,
  type EvidenceDocument,
  finite,
  fraction,
  type LearnedFile,
  type LearnedStateDocument,
  learnedStateSchema,
  riskLevel,
  type StateCompartment,
  text,
} from "../../domain/schemas/index.js";
import { bandTrials, evidenceFromDocument, evidenceToDocument, sumsFromMoments } from "../../planner/index.js";
import { addWaves } from "./counted-waves.js";
import { checkEvidence } from "./evidence-checks.js";

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
    .omit({
      ...{ recent: true, evidence: true, strategies: true, phase17_performance: true },
      ...{ history_waves: true, run_waves: true },
    })
    .extend({
      evidence: z.array(kindEvidence),
      strategies: z.record(text(), z.strictObject({ waves: count(), mean_reward: z.number().min(0) })),
    }),
);
/** A state of schema version 2: no counts of waves, types as they were spelt. */
const secondSchema = z.lazy(() => {
  const older = z.lazy(() => compartmentSchema.unwrap().omit({ history_waves: true, run_waves: true }));
  return learnedStateSchema
    .unwrap()
    .omit({ real: true, simulated: true, schema_version: true, type_from: true })
    .extend({ schema_version: z.literal(2), real: older, simulated: older });
});

/** A state of schema version 1: one object a kind, moments instead of sums, no recent waves. */
const firstSchema = z.lazy(() =>
  learnedStateSchema
    .unwrap()
    .omit({ real: true, simulated: true, schema_version: true, type_from: true })
    .extend({ schema_version: z.literal(1), real: compartment, simulated: compartment }),
);

/**
 * A state of version 2 as the newest. Types are folded. Waves of files are those that their names say; waves of runs those
 * that strategies were rewarded for.
 *
 * @throws InputError where it is not one
 */
export function migrateSecond(json: unknown, place: string): LearnedStateDocument {
  const state = check(secondSchema, json, place);
  checkOlder(state.real, `${place}: real`);
  checkOlder(state.simulated, `${place}: simulated`);
  const fold = (evidence: EvidenceDocument): EvidenceDocument => evidenceToDocument(evidenceFromDocument(evidence));
  const migrate = (older: typeof state.real, historyWaves: number[]): StateCompartment => ({
    ...older,
    evidence: fold(older.evidence),
    recent: older.recent.map(fold),
    history_waves: historyWaves,
    run_waves: Object.values(older.strategies).reduce((sum, { waves }) => sum + waves, 0),
  });
  return {
    ...state,
    ...{ schema_version: 3, type_from: null },
    ...{ real: migrate(state.real, wavesOfFiles(state.files)), simulated: migrate(state.simulated, []) },
  };
}

function checkOlder({ evidence, recent }: Pick<StateCompartment, "evidence" | "recent">, place: string): void {
  checkEvidence(evidence, `${place}.evidence`);
  recent.forEach((wave, k) => checkEvidence(wave, `${place}.recent[${k}]`));
}

/** Waves that the roles of Phase 18's files name; a history without such names is one wave. */
function wavesOfFiles(files: readonly LearnedFile[]): number[] {
  const named = files.flatMap(({ name }) => {
    const wave = /(?:^|\/)wave_(\d+)\//.exec(name)?.[1];
    return wave === undefined ? [] : [Number(wave)];
  });
  return addWaves([], files.length > 0 && named.length === 0 ? [1] : named);
}

/**
 * A state of version 1 as the newest. Confidences go into bands and measurements into whole units. Rewards of strategies are
 * left behind: they were another quantity.
 *
 * @throws InputError where it is not one
 */
export function migrateFirst(json: unknown, place: string): LearnedStateDocument {
  const state = check(firstSchema, json, place);
  const migrate = ({ evidence, ...rest }: z.infer<typeof compartment>, historyWaves: number[]): StateCompartment => ({
    ...rest,
    evidence: evidenceToDocument(evidence.map(toKindEvidence)),
    recent: [],
    history_waves: historyWaves,
    run_waves: 0,
    phase17_performance: {},
    strategies: {},
  });
  return {
    ...state,
    ...{ schema_version: 3, type_from: null },
    ...{ real: migrate(state.real, wavesOfFiles(state.files)), simulated: migrate(state.simulated, []) },
  };
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
