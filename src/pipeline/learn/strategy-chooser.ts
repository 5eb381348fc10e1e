import { DEFAULT_WEIGHTS, STRATEGY_OF_GOAL } from "../../../models/index.js";
import {
  checkWeights,
  type ExecutionKind,
  GOAL_KEYS,
  type GoalWeights,
  KeyedStream,
  type StrategyName,
} from "../../domain/index.js";
import type { LearnedStateDocument } from "../../domain/schemas/index.js";
import { armPosterior, type ArmPosterior, drawMean } from "./arm-posterior.js";
import type { FailingStrategy } from "./strategy-recovery.js";
import { armKey, armRecord } from "./strategy-rewards.js";

/** The draws are none of the search's, the forecast's or the player's. */
const CHOICE_SALT = 0x5ba2d1;

/** What a choice goes by. */
export interface ChoiceInputs {
  readonly state: LearnedStateDocument;
  /** A simulated run goes by its own waves as well as by the real ones. */
  readonly execution: ExecutionKind;
  readonly wave: number;
  readonly seed: number;
  /** In [0, 1]: how much of each posterior's spread is drawn; 0: the posterior means decide. */
  readonly exploration: number;
  /** Strategies to leave out, unless there is no other. */
  readonly failing: readonly FailingStrategy[];
}

export interface StrategyChoice {
  readonly strategy: StrategyName;
  /** One sentence with the numbers. */
  readonly reason: string;
  /** Numbers of every arm, flat, for the audit: `<strategy>.mean` and so on. */
  readonly numbers: Readonly<Record<string, number | boolean>>;
}

interface Arm {
  readonly strategy: StrategyName;
  readonly waves: number;
  readonly posterior: ArmPosterior;
  /** What it is chosen by. */
  readonly score: number;
  readonly isLeftOut: boolean;
}

/**
 * Chooses the strategy of each wave under `--strategy adaptive`: a bandit whose arms are the mission's own mix and the
 * strategy of each of its goals, on the reward of `rewardOf`. An arm's score is m + exploration · (μ − m) with m its
 * posterior mean and μ a draw from its posterior: Thompson sampling at 1, greedy at 0. Each draw depends on seed, wave and
 * arm alone.
 */
export class StrategyChooser {
  /**
   * @param mission weights of the mission's goals; default `DEFAULT_WEIGHTS`
   * @throws InputError where no weight is greater than 0
   */
  constructor(readonly mission: GoalWeights = DEFAULT_WEIGHTS) {
    checkWeights(mission, "options.weights");
  }

  /**
   * The arms, preferred first: the mix, which plans for the mission itself, then the goals by weight, equal ones in the
   * order of the goals. A mission of one goal has no mix.
   */
  arms(): StrategyName[] {
    const goals = GOAL_KEYS.filter((goal) => (this.mission[goal] ?? 0) > 0);
    const single = goals
      .toSorted((a, b) => this.mission[b]! - this.mission[a]!)
      .map((goal): StrategyName => STRATEGY_OF_GOAL[goal].name);
    return single.length === 1 ? single : ["mix", ...single];
  }

  /** The arm with the highest score, the preferred one of equals. O(arms · waves). */
  choose(inputs: ChoiceInputs): StrategyChoice {
    const arms = this.arms().map((strategy) => this.#arm(strategy, inputs));
    const sound = arms.filter(({ isLeftOut }) => !isLeftOut);
    const pool = sound.length > 0 ? sound : arms;
    const chosen = pool.reduce((best, arm) => (arm.score > best.score ? arm : best));
    const failing = inputs.failing.filter(({ strategy }) => arms.some((arm) => arm.strategy === strategy));
    const reason = describe(chosen, pool, inputs.exploration, sound.length > 0, failing);
    return { strategy: chosen.strategy, reason, numbers: Object.assign({}, ...arms.map(numbersOf)) };
  }

  #arm(strategy: StrategyName, { state, execution, wave, seed, exploration, failing }: ChoiceInputs): Arm {
    const record = armRecord(state, execution, armKey(strategy, this.mission));
    const posterior = armPosterior(record);
    const stream = new KeyedStream((seed ^ CHOICE_SALT) >>> 0, `strategy\0${wave}\0${strategy}`);
    const isLeftOut = failing.some((one) => one.strategy === strategy);
    const surprise = exploration > 0 ? exploration * (drawMean(posterior, stream) - posterior.mean) : 0;
    return { strategy, waves: record.waves, posterior, score: posterior.mean + surprise, isLeftOut };
  }
}

function numbersOf({ strategy, waves, posterior, score, isLeftOut }: Arm): Record<string, number | boolean> {
  return {
    [`${strategy}.waves`]: waves,
    [`${strategy}.mean`]: posterior.mean,
    [`${strategy}.standard_error`]: posterior.standardError,
    [`${strategy}.score`]: score,
    [`${strategy}.left_out`]: isLeftOut,
  };
}

function describe(
  { waves, posterior, score }: Arm,
  pool: readonly Arm[],
  exploration: number,
  isSound: boolean,
  failing: readonly FailingStrategy[],
): string {
  const basis = waves === 0 ? "it has not run yet" : `over ${waves} ${waves === 1 ? "wave" : "waves"}`;
  const mean = `expected reward ${posterior.mean.toFixed(3)} ± ${posterior.standardError.toFixed(3)} (${basis})`;
  const drawn = exploration > 0 ? `, drawn as ${score.toFixed(3)} at exploration ${exploration}` : "";
  const isTie = pool.some((arm) => arm.score === score && arm !== pool[0]) && pool[0]!.score === score;
  const rank =
    pool.length === 1
      ? "the only candidate"
      : isTie
        ? `the first of the best of ${pool.length} candidates`
        : `the highest of ${pool.length} candidates`;
  const named = failing.map(({ strategy, reason }) => `${strategy} (${reason})`).join(", ");
  if (failing.length === 0) return `${mean}${drawn}, ${rank}.`;
  return isSound
    ? `${mean}${drawn}, ${rank}; left out for failing its goal: ${named}.`
    : `${mean}${drawn}, ${rank}; every candidate fails its goal, so none is left out: ${named}.`;
}
