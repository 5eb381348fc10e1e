import { compareIds, type History, type Kind, type KindEvidence, NO_HEURISTICS } from "../../domain/index.js";
import type { LearnedStateDocument, StateDigest } from "../../domain/schemas/index.js";
import { chanceAt, NEUTRAL_CONFIDENCE } from "../../planner/index.js";
import { historyOfState, predictorFrom } from "./state-predictor.js";
import { meanOf } from "../measure/accuracy.js";

type Specialization = StateDigest["specializations"][number];

const MAX_SPECIALIZATIONS = 10;
/** Fewer trials of an agent at a type are an anecdote, and smaller advantages are not worth a line. */
const MIN_TRIALS = 5;
const MIN_ADVANTAGE = 0.02;
const REFERENCE_RISK = "MEDIUM";

interface Tally {
  trials: number;
  successes: number;
}

/** What a state holds: counts by agent and type, weights, rewards, and who is better at what. O(kinds + agents · types). */
export function inspectState(state: LearnedStateDocument): StateDigest {
  const history = historyOfState(state);
  const agents = tallyBy(history.learned, ({ agentId }) => agentId);
  const types = tallyBy(history.learned, ({ taskType }) => taskType);
  return {
    ...{ schema_version: state.schema_version, run_id: state.run_id, updated: state.updated },
    outcomes: state.real.outcomes,
    simulated_outcomes: state.simulated.outcomes,
    runs: state.runs.map(({ run_id, outcomes }) => ({ run_id, outcomes })),
    files: state.files.map(({ name, rows }) => ({ name, rows })),
    agents: agents.map(([agentId, tally]) => ({ agent_id: agentId, ...describeTally(tally) })),
    task_types: types.map(([taskType, tally]) => ({ task_type: taskType, ...describeTally(tally) })),
    type_from: state.type_from,
    heuristic_weights: state.real.heuristic_weights,
    strategies: state.real.strategies,
    specializations: findSpecializations(history, keysOf(agents), keysOf(types)),
  };
}

function keysOf(tallies: readonly (readonly [string | null, Tally])[]): string[] {
  return tallies.flatMap(([key]) => (key === null ? [] : [key]));
}

/**
 * The interaction of agent and type in the model's own, shrunken predictions: what is left of each after the means of its
 * agent and of its type (the double centring of a two-way table).
 */
function findSpecializations(history: History, agents: readonly string[], types: readonly string[]): Specialization[] {
  if (agents.length < 2 || types.length < 2) return [];
  const predict = predictorFrom(history, NO_HEURISTICS);
  const table = agents.map((agentId) =>
    types.map((type) => chanceAt(predict(agentId, type, REFERENCE_RISK), REFERENCE_RISK, NEUTRAL_CONFIDENCE)),
  );
  const ofAgent = table.map((row) => meanOf(row)!);
  const ofType = types.map((_, t) => meanOf(table.map((row) => row[t]!))!);
  const overall = meanOf(ofAgent)!;
  const tallies = new Map(tallyBy(history.learned, pairKey));
  const found = agents.flatMap((agentId, a) =>
    types.flatMap((taskType, t): Specialization[] => {
      const tally = tallies.get(pairKey({ agentId, taskType }));
      const predicted = table[a]![t]!;
      const advantage = predicted - ofAgent[a]! - ofType[t]! + overall;
      if (tally === undefined || tally.trials < MIN_TRIALS || advantage < MIN_ADVANTAGE) return [];
      const pair = { agent_id: agentId, task_type: taskType };
      return [{ ...pair, ...describeTally(tally), predicted_success: predicted, advantage }];
    }),
  );
  return found.sort((x, y) => y.advantage - x.advantage).slice(0, MAX_SPECIALIZATIONS);
}

function pairKey({ agentId, taskType }: Pick<Kind, "agentId" | "taskType">): string {
  return JSON.stringify([agentId, taskType]);
}

/** Ascending by key, null last. */
function tallyBy(
  evidence: readonly KindEvidence[],
  keyOf: (kind: Kind) => string | null,
): (readonly [string | null, Tally])[] {
  const tallies = new Map<string | null, Tally>();
  for (const { kind, trials } of evidence) {
    const key = keyOf(kind);
    const tally = tallies.get(key) ?? { trials: 0, successes: 0 };
    for (const { count, successes } of trials) {
      tally.trials += count;
      tally.successes += successes;
    }
    tallies.set(key, tally);
  }
  return [...tallies].sort(([a], [b]) =>
    a === null || b === null ? Number(a === null) - Number(b === null) : compareIds(a, b),
  );
}

function describeTally({ trials, successes }: Tally): Tally & { success_rate: number | null } {
  return { trials, successes, success_rate: trials === 0 ? null : successes / trials };
}
