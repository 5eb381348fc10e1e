import type { Goal, GoalChain, Instance, StrategyModel } from "../../../models/index.js";
import type { GoalBound } from "../bounds/goal-bound.js";
import type { Share } from "../budget/budget.js";
import type { ChainRecord } from "./chain-record.js";
import type { Session } from "./session.js";

/** One wave under way: what every stage works on. */
export interface WaveTurn {
  readonly session: Session;
  readonly instance: Instance;
  readonly model: Pick<StrategyModel, "build">;
  readonly chain: GoalChain;
  readonly record: ChainRecord;
  /** Multipliers of the first goal from a wave that differs in little: they stand for those of its linear relaxation. Null: none known. */
  readonly knownMultipliers: Readonly<Record<string, number>> | null;
  /** The relaxation of the first goal that a search was guided by, and the values of the goals before it. Null: none yet. */
  searchedWith: { readonly before: readonly number[]; readonly relaxed: GoalBound } | null;
}

/** The turn of one goal, after those before it; stages leave there what later ones need. */
export interface GoalTurn extends WaveTurn {
  readonly goal: Goal;
  /** Where it stands: before the strategy's first goal, the first goal itself, or after it. */
  readonly place: "before" | "first" | "after";
  /** The last bound by multipliers, with its prices. */
  bound: GoalBound | null;
  /** The bound of the linear relaxation where the engine prices rows, with the price of every pair. */
  relaxed: GoalBound | null;
  /** Of rows that the engine prices into the costs, by name. */
  multipliers: Readonly<Record<string, number>>;
  /** Whether some plan could break a row that the engine knows by its price only. */
  hasSideRows: boolean;
  /** Whether the engine left the goal open under such rows, and HiGHS may follow. */
  isStuck: boolean;
}

/**
 * What a stage says of its goal. `bound` and `search`: no plan is better, proven by a bound or by an exhausted search; `open`: the next
 * stage goes on; `over`: no stage after it can help.
 */
export type Verdict = "bound" | "search" | "open" | "over";

/** One row of a table of stages. */
export interface Stage<Turn extends WaveTurn> {
  readonly name: string;
  readonly when: (turn: Turn) => boolean;
  readonly share: Share | ((turn: Turn) => Share);
  readonly run: (turn: Turn, share: Share) => Verdict | Promise<Verdict>;
}
