import { checkWeights } from "../domain/units.js";
import { GOAL_KEYS, type GoalKey, type GoalWeights, type StrategyName } from "../domain/problem.js";
import type { ExecutionKind } from "../domain/run.js";
import type { LearnedStateDocument, StateCompartment } from "../domain/schemas/learned-state.js";
import { DEFAULT_MISSION, STRATEGY_OF_GOAL } from "./goal-ratios.js";

/** A strategy the monitor found failing its goal. */
export interface FailingStrategy {
  readonly strategy: StrategyName;
  /** Half a sentence with its numbers, such as `planned 0.92, achieved 0.61 over 40 tasks`. */
  readonly reason: string;
}

export interface StrategyChoice {
  readonly strategy: StrategyName;
  /** One sentence with the numbers. */
  readonly reason: string;
}

interface Candidate {
  readonly goal: GoalKey;
  readonly strategy: StrategyName;
  readonly weight: number;
  /** Mean reward, 1 where it never ran. */
  readonly effectiveness: number;
  readonly waves: number;
}

/** Chooses the strategy of each wave under `--strategy adaptive`. */
export class StrategyChooser {
  /**
   * @param mission weights of the mission's goals; default success .5, throughput .3, retries .1, confidence .1
   * @throws InputError where no weight is greater than 0
   */
  constructor(readonly mission: GoalWeights = DEFAULT_MISSION) {
    checkWeights(mission, "--weights");
  }

  /**
   * The highest weight × effectiveness over the mission's goals, ties to maximize_success and then in the order of the
   * goals. A failing strategy is left out, unless there is no other.
   *
   * @param execution a simulated run goes by its own waves as well as by the real ones
   */
  choose(
    state: LearnedStateDocument,
    execution: ExecutionKind,
    failing: readonly FailingStrategy[] = [],
  ): StrategyChoice {
    const rewards = rewardsOf(state, execution);
    const candidates = GOAL_KEYS.flatMap((goal) => this.#candidate(goal, rewards));
    const isFailing = ({ strategy }: Candidate): boolean => failing.some((one) => one.strategy === strategy);
    const sound = candidates.filter((candidate) => !isFailing(candidate));
    const pool = sound.length > 0 ? sound : candidates;
    const chosen = pool.reduce((best, candidate) => (score(candidate) > score(best) ? candidate : best));
    return {
      strategy: chosen.strategy,
      reason: describe(
        chosen,
        pool,
        sound.length,
        failing.filter(({ strategy }) => candidates.some((one) => one.strategy === strategy)),
      ),
    };
  }

  #candidate(goal: GoalKey, rewards: StateCompartment["strategies"]): Candidate[] {
    const weight = this.mission[goal] ?? 0;
    if (weight <= 0) return [];
    const strategy = STRATEGY_OF_GOAL[goal];
    const { waves, mean_reward: effectiveness } = rewards[strategy] ?? { waves: 0, mean_reward: 1 };
    return [{ goal, strategy, weight, effectiveness, waves }];
  }
}

/** Rewards of the real waves; in a simulated run its own waves with them. */
export function rewardsOf(state: LearnedStateDocument, execution: ExecutionKind): StateCompartment["strategies"] {
  if (execution === "real") return state.real.strategies;
  const merged = { ...state.real.strategies };
  for (const [name, own] of Object.entries(state.simulated.strategies)) {
    const strategy = name as StrategyName;
    const real = merged[strategy] ?? { waves: 0, mean_reward: 0 };
    const waves = real.waves + own.waves;
    if (waves === 0) continue;
    const total = real.waves * real.mean_reward + own.waves * own.mean_reward;
    merged[strategy] = { waves, mean_reward: total / waves };
  }
  return merged;
}

function score({ weight, effectiveness }: Candidate): number {
  return weight * effectiveness;
}

function describe(
  chosen: Candidate,
  pool: readonly Candidate[],
  numSound: number,
  failing: readonly FailingStrategy[],
): string {
  const { weight, effectiveness, waves } = chosen;
  const basis = waves === 0 ? "it has not run yet" : `over ${waves} ${waves === 1 ? "wave" : "waves"}`;
  const product = `weight ${weight} × effectiveness ${effectiveness.toFixed(3)} (${basis}) = ${score(chosen).toFixed(3)}`;
  const rank = pool.length === 1 ? "the only candidate" : `the highest of ${pool.length} candidates`;
  const named = failing.map(({ strategy, reason }) => `${strategy} (${reason})`).join(", ");
  if (failing.length === 0) return `${product}, ${rank}.`;
  return numSound === 0
    ? `${product}, ${rank}; every candidate fails its goal, so none is left out: ${named}.`
    : `${product}, ${rank}; left out for failing its goal: ${named}.`;
}
