/** What a bound can be computed again from, as results carry it. */

/** What anyone can compute the bound again from. */
export type Certificate = RowCertificate | OrderCertificate;

/** Multipliers on the rows of the program without start times, to put into the Lagrangian function. */
export type RowCertificate = MultiplierCertificate | TimeCertificate;

/** Proof that no schedule ends before a time, from the order of tasks and the time of agents and pools. */
export type OrderCertificate = SequencingCertificate | InTurnCertificate;

/** The kinds that speak of the whole wave. */
export type SequencingCertificate = PathCertificate | FleetIntervalCertificate | RefutedWindowsCertificate;

/** Multipliers whose Lagrangian function has the bound as its best value. */
export interface MultiplierCertificate {
  /** `lagrangian`: multipliers of at least 0 on rows other than the assignment rows. `knapsack`: of any sign, on the assignment rows too. */
  readonly kind: "lagrangian" | "knapsack";
  /** Multipliers by row name. */
  readonly multipliers: Readonly<Record<string, number>>;
  /** Bound on the first goal that the certificate proves. */
  readonly bound: number;
}

/** Proof by knapsacks that no plan has a makespan, or a largest load, of at most `at_ms`. */
export interface TimeCertificate {
  /** What the knapsacks bound: the makespan or the largest load. */
  readonly kind: "makespan_knapsack" | "max_load_knapsack";
  /** No plan has a makespan, or a largest load, of at most this, milliseconds; the bound is this, or the next whole number where all times are whole. */
  readonly at_ms: number;
  /** Multipliers by row name. */
  readonly multipliers: Readonly<Record<string, number>>;
  /** Bound on the first goal that the certificate proves. */
  readonly bound: number;
}

/** Tasks that each wait for the one before: their least busy times add up, from the release or the first agent's arrival on. */
export interface PathCertificate {
  /** A chain of tasks. */
  readonly kind: "path";
  /** The tasks, in order. */
  readonly tasks: readonly string[];
  /** Empty: a path prices nothing. */
  readonly multipliers: Readonly<Record<string, number>>;
  /** Bound on the first goal that the certificate proves. */
  readonly bound: number;
}

/** What tasks must do between `head_ms` and the end less `tail_ms`: they need time of agents and pools, at these prices, that is not there sooner. */
export interface FleetIntervalCertificate {
  /** Tasks in an interval against the time of agents and pools. */
  readonly kind: "fleet_interval";
  /** The tasks, in order. */
  readonly tasks: readonly string[];
  /** Begin of the interval, milliseconds. */
  readonly head_ms: number;
  /** From the end of the interval to the end of the schedule, milliseconds. */
  readonly tail_ms: number;
  /** Multipliers by row name. */
  readonly multipliers: Readonly<Record<string, number>>;
  /** Bound on the first goal that the certificate proves. */
  readonly bound: number;
}

/** Proof that no schedule ends by `at_ms`: windows of starts, each refuted by propagation after those before it, until none is left or more is to be done than fits in what is left. */
export interface RefutedWindowsCertificate {
  /** Windows of starts that propagation refutes. */
  readonly kind: "refuted_windows";
  /** No plan has a makespan, or a largest load, of at most this, milliseconds; the bound is this, or the next whole number where all times are whole. */
  readonly at_ms: number;
  /** Starts of a task on an agent that are ruled out, in order. */
  readonly refuted: readonly RefutedStarts[];
  /** Prices, one set after another, at which starts cost too much, until nothing is left or all tasks do. Absent where windows alone decide. */
  readonly pricings?: readonly PricingMultipliers[] | undefined;
  /** By task, in what is left in the end: the sets of tasks that fit the slots come to less than all tasks. Absent where something else decides. */
  readonly task_multipliers?: Readonly<Record<string, number>> | undefined;
  /** Multipliers by row name. */
  readonly multipliers: Readonly<Record<string, number>>;
  /** Bound on the first goal that the certificate proves. */
  readonly bound: number;
}

/** Prices of time that change with time, and of dependencies. */
export interface PricingMultipliers {
  /** By row name, one for each of as many equal intervals up to `at_ms`. */
  readonly interval_multipliers: Readonly<Record<string, readonly number[]>>;
  /** By row name, precedes[before,task]: prices of the time by which the first ends after the second starts. Intervals that are not named cost nothing. */
  readonly order_multipliers: Readonly<Record<string, readonly IntervalPrice[]>>;
}

/** What a millisecond within an interval costs. */
interface IntervalPrice {
  /** Which one of the equal intervals up to `at_ms`, from 0 on. */
  readonly interval: number;
  /** Price of a millisecond. */
  readonly price: number;
}

/** Rounds of tasks, each task after all of the round before: their bounds add up. */
export interface InTurnCertificate {
  /** Rounds one after another. */
  readonly kind: "in_turn";
  /** The rounds, in order. */
  readonly rounds: readonly CertifiedRound[];
  /** Empty: each round has its own. */
  readonly multipliers: Readonly<Record<string, number>>;
  /** Bound on the first goal that the certificate proves. */
  readonly bound: number;
}

/** A round with what bounds its length; the longest path of its tasks, each where it takes least, bounds it too. */
export interface CertifiedRound {
  /** The tasks of the round. */
  readonly tasks: readonly string[];
  /** The round alone takes longer than this, milliseconds, by a `makespan_knapsack`; null where its multipliers are those of a `lagrangian`. */
  readonly at_ms: number | null;
  /** Multipliers by row name, of the round as a wave without order. */
  readonly multipliers: Readonly<Record<string, number>>;
}

/** Starts of a task on an agent. */
export interface RefutedStarts {
  /** The task. */
  readonly task_id: string;
  /** The agent. */
  readonly agent_id: string;
  /** First start of the window, milliseconds. */
  readonly from_ms: number;
  /** Last start of the window, milliseconds. */
  readonly to_ms: number;
}
