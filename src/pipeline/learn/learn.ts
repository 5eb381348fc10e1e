import { DEFAULT_WEIGHTS } from "../../../models/index.js";
import {
  compareIds,
  type ExecutionKind,
  type GoalWeights,
  type Heuristics,
  type History,
  ModelError,
  NO_HEURISTICS,
  type WaveRecord,
} from "../../domain/index.js";
import {
  EMPTY_STATE,
  type HeuristicPerformance,
  type LearnedFile,
  type LearnedStateDocument,
  type StateCompartment,
} from "../../domain/schemas/index.js";
import { addWaves } from "../files/counted-waves.js";
import type { Phases } from "../files/phases.js";
import {
  addToEvidence,
  evidenceFromDocument,
  mergeRows,
  digestOutcomes,
  type OutcomeDigest,
  recordsToEvidence,
  rememberWave,
  wholeEvidence,
} from "../../planner/index.js";
import {
  addCounts,
  countApplications,
  countsSince,
  stepWeights,
  type HeuristicCounts,
} from "../measure/heuristic-weights.js";
import { addReward, armKey } from "./strategy-rewards.js";
import { rewardOf } from "./wave-reward.js";
import { measureWave } from "../measure/measured-wave.js";

export interface WaveLearning {
  /** Rules by which confidence falls after failures; default none. */
  readonly heuristics?: Heuristics | undefined;
  /** What strategies are rewarded for. Default: success .5, throughput .3, retries .1, confidence .1. */
  readonly mission?: GoalWeights | undefined;
}

export interface RunClosing {
  readonly runId: string;
  readonly execution: ExecutionKind;
  /** The state before the first wave, with the history learned. */
  readonly before: LearnedStateDocument;
  /** ISO-8601 UTC. */
  readonly updated: string;
  /** More waves of a run whose first ones may be in the state; default false. */
  readonly goesOn?: boolean;
}

/**
 * Adds the history that is new to the real compartment: outcomes as evidence, heuristic performance as one weight step.
 * Phases already learned add nothing.
 *
 * @param read the outcomes, where the phases were loaded without keeping them; default those of the phases
 * @throws ModelError where the phases were loaded without the state's files, so that known rows would count twice
 */
export function learnHistory(
  state: LearnedStateDocument,
  phases: Pick<Phases, "history" | "learnedFiles" | "heuristicPerformance" | "report" | "typeField">,
  heuristics: Heuristics,
  read?: OutcomeDigest,
): LearnedStateDocument {
  const fresh = phases.learnedFiles.filter((file) => !isListed(state, file));
  if (fresh.length === 0) return state;
  refuseKnownRows(state, phases);
  const { real } = state;
  const digest = read ?? digestOutcomes(phases.history.outcomes, heuristics);
  const reported = toCounts(phases.heuristicPerformance);
  const counts = growthOf(reported, real.phase17_performance);
  return {
    ...state,
    files: [...state.files, ...fresh],
    type_from: phases.typeField,
    real: {
      ...real,
      outcomes: real.outcomes + digest.numRows,
      evidence: addToEvidence(real.evidence, digest.evidence()),
      history_waves: addWaves(real.history_waves, digest.waves),
      restated_agents: withAgents(real.restated_agents, [...digest.agents]),
      heuristic_performance: addCounts(real.heuristic_performance, counts),
      heuristic_weights: stepWeights(real.heuristic_weights, counts),
      phase17_performance: phases.heuristicPerformance === null ? real.phase17_performance : reported,
    },
  };
}

/** Adds a wave's outcomes to the compartment of its execution: evidence, heuristic performance, the strategy's reward. */
export function learnWave(
  state: LearnedStateDocument,
  record: WaveRecord,
  { heuristics = NO_HEURISTICS, mission }: WaveLearning = {},
): LearnedStateDocument {
  const compartment = state[record.execution];
  const { evidence, recent } = rememberWave(compartment, recordsToEvidence(record, heuristics));
  const goals = mission ?? DEFAULT_WEIGHTS;
  return {
    ...state,
    [record.execution]: {
      ...compartment,
      outcomes: compartment.outcomes + measureWave(record).ended.length,
      evidence,
      recent: [...recent],
      run_waves: compartment.run_waves + 1,
      heuristic_performance: addCounts(compartment.heuristic_performance, countApplications(record)),
      strategies: addReward(compartment.strategies, armKey(record.strategy, goals), rewardOf(record, goals)),
    },
  };
}

/**
 * The state after a run: a real run is listed, and its outcomes step the weights once. Simulated outcomes move no weight.
 *
 * @throws ModelError where the run is listed and has brought outcomes again
 */
export function closeRun(state: LearnedStateDocument, closing: RunClosing): LearnedStateDocument {
  const { runId, execution, before, updated, goesOn = false } = closing;
  const compartment = state[execution];
  const outcomes = compartment.outcomes - before[execution].outcomes;
  if (!goesOn && outcomes > 0 && hasLearnedRun(state, runId))
    throw new ModelError(`run ${runId} would be learned twice`);
  const counts = countsSince(compartment.heuristic_performance, before[execution].heuristic_performance);
  const isReal = execution === "real";
  const weights = isReal ? stepWeights(compartment.heuristic_weights, counts) : compartment.heuristic_weights;
  const isListed = hasLearnedRun(state, runId);
  const runs = goesOn
    ? state.runs.map((run) => (run.run_id === runId ? { ...run, outcomes: run.outcomes + outcomes } : run))
    : state.runs;
  return {
    ...state,
    run_id: runId,
    updated,
    [execution]: { ...compartment, heuristic_weights: weights },
    runs: isReal && !isListed ? [...runs, { run_id: runId, outcomes }] : runs,
  };
}

/** Whether a run's real outcomes are in the state: such a run must not be learned again. */
export function hasLearnedRun(state: LearnedStateDocument, runId: string): boolean {
  return state.runs.some((run) => run.run_id === runId);
}

/** What the next run starts from: everything but what was simulated. */
export function carriedState(state: LearnedStateDocument): LearnedStateDocument {
  return { ...state, simulated: EMPTY_STATE.simulated };
}

/**
 * The history a wave is predicted from: real evidence, in a simulated run that run's own simulated evidence too, and
 * the rows that the state has not learned yet (none after `learnHistory`).
 */
export function historyFor(
  phases: Pick<Phases, "history" | "learnedFiles">,
  state: LearnedStateDocument,
  execution: ExecutionKind,
): History {
  const real = wholeEvidence(state.real);
  const isLearned = phases.learnedFiles.every((file) => isListed(state, file));
  return {
    ...phases.history,
    learned: evidenceFromDocument(execution === "real" ? real : mergeRows(real, wholeEvidence(state.simulated))),
    restatedAgents: state.real.restated_agents,
    learnedWaves: wavesOf(state.real) + (execution === "real" ? 0 : wavesOf(state.simulated)),
    // What a run of ours found in outcomes that were learned would count them twice.
    specializations: phases.history.specializations.filter(
      ({ runId }) => runId === undefined || !hasLearnedRun(state, runId),
    ),
    outcomes: isLearned ? [] : phases.history.outcomes,
  };
}

function wavesOf({ history_waves: ofHistory, run_waves: ofRuns }: StateCompartment): number {
  return ofHistory.length + ofRuns;
}

/** The agents, and those of these rows that name one, each once and ascending. */
export function withAgents(agents: readonly string[], more: readonly (string | null)[]): string[] {
  return [...new Set([...agents, ...more.filter((agentId) => agentId !== null)])].sort(compareIds);
}

function isListed(state: LearnedStateDocument, file: LearnedFile): boolean {
  return state.files.some(({ sha256, bytes }) => sha256 === file.sha256 && bytes === file.bytes);
}

function refuseKnownRows(
  state: LearnedStateDocument,
  { report, learnedFiles }: Pick<Phases, "report" | "learnedFiles">,
) {
  const listed = new Set(learnedFiles.filter((file) => isListed(state, file)).map((file) => file.sha256));
  const reread = report.files.find((file) => listed.has(file.sha256) && file.knownRows < file.rows);
  if (reread === undefined) return;
  throw new ModelError(`${reread.role} is learned already; load the phases with the state's files as known`);
}

/**
 * What a cumulative file says beyond what it said before; all of it where a count went down or a success was taken back,
 * for then it was begun anew.
 */
function growthOf(reported: HeuristicCounts, before: HeuristicCounts): HeuristicCounts {
  const growth = countsSince(reported, before);
  const hasGrown = Object.values(growth).every(
    ({ applications, successes }) => successes >= 0 && successes <= applications,
  );
  return hasGrown ? growth : reported;
}

function toCounts(performance: HeuristicPerformance | null): HeuristicCounts {
  const entries = Object.entries(performance ?? {});
  return Object.fromEntries(
    entries.map(([id, { applications, successes }]) => [
      id,
      { applications, successes: Math.min(successes, applications) },
    ]),
  );
}
