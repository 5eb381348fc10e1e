import type { GeneralizedAssignment } from "../bounds/generalized-assignment.js";
import { identicalUses, pigeonholeBound } from "../bounds/identical-agents.js";
import type { MakespanProblem } from "../bounds/makespan-prices.js";
import type { WorkMeter } from "../bounds/work-meter.js";
import { EjectionSearch } from "./ejection-search.js";
import { searchIdentical } from "./identical-search.js";
import { makespanOf } from "./makespan-of.js";

export interface MakespanSearchOptions {
  readonly seed: number;
  readonly meter: WorkMeter;
  /** μ[j] of `priceMakespan`. */
  readonly prices: Float64Array;
  /** Certified lower bound on the makespan, at which the search stops. */
  readonly bound: number;
  /** Agent of each task to start from. Default: greedy by regret. */
  readonly start?: Int32Array;
  readonly candidatesPerTask?: number;
  /** Called with each better plan; the array is the callee's to keep. */
  readonly onIncumbent?: (agentOf: Int32Array, makespan: number) => void;
}

export interface MakespanOutcome {
  /** The best plan; on agents with several slots its makespan is that of longest-first list scheduling. Null where a task has no pair. */
  readonly incumbent: { readonly agentOf: Int32Array; readonly makespan: number } | null;
  readonly ended: "target" | "work" | "infeasible";
}

/** On large problems, pairs that no plan of so many times the bound has are no candidates; small ones keep all pairs. */
const HORIZON = 2;
const SMALL_PAIRS = 20_000;
/** Looks of the first try at a makespan, per pair and in all; they grow where a try at the last step fails. */
const WORK_PER_PAIR = 12;
const LEAST_WORK = 1e5;
const WORK_GROWTH = 1.5;
/** Relative step below the incumbent where times are not whole. */
const REAL_STEP = 1e-6;

/**
 * Search for a short makespan: is there a plan that ends by C? That is a generalized assignment problem, feasible or not,
 * with capacity C and with μ_j p[i,j] for costs, which point to where the makespan's prices would put the tasks. C is
 * bisected between the bound and the incumbent, each try from the plan the last one ended with (as in the search of
 * Hochbaum, Shmoys, J. ACM 34, 1987), then lowered by the smallest step; identical agents have a search of their own. Every plan on the way has a makespan, so the
 * search has one from the start.
 */
export function searchMakespan(problem: MakespanProblem, options: MakespanSearchOptions): MakespanOutcome {
  const { meter, bound } = options;
  if (bound === Infinity) return { incumbent: null, ended: "infeasible" };
  const uses = identicalUses(problem);
  if (uses !== null && problem.numTasks > 0) return onIdenticalAgents(uses, problem.numAgents, options);
  const isWhole = problem.use.every(Number.isInteger) && problem.availableFrom.every(Number.isInteger);
  const search = startSearch(problem, options);
  const best = new BestPlan(problem, options);
  best.offer(search.state.agentOf);
  let tried = bound - 1;
  let target = bound;
  let work = Math.max(LEAST_WORK, WORK_PER_PAIR * problem.use.length);
  while (best.makespan > bound * (1 + 1e-12) && !meter.isSpent()) {
    search.setCapacities(capacitiesAt(problem, target));
    const { incumbent, agentOf, ended } = search.run(work);
    if (ended === "infeasible") return { incumbent: null, ended };
    best.offer(incumbent?.agentOf ?? agentOf);
    const lastStep = isWhole ? best.makespan - 1 : best.makespan * (1 - REAL_STEP);
    if (incumbent === null) {
      tried = Math.max(tried, target);
      if (target >= lastStep) work *= WORK_GROWTH;
    }
    const middle = isWhole ? Math.floor((tried + best.makespan) / 2) : (tried + best.makespan) / 2;
    target = Math.max(bound, Math.min(lastStep, Math.max(middle, tried)));
  }
  return { incumbent: best.plan(), ended: best.makespan <= bound * (1 + 1e-12) ? "target" : "work" };
}

function onIdenticalAgents(uses: Float64Array, numAgents: number, options: MakespanSearchOptions): MakespanOutcome {
  const { seed, meter, onIncumbent } = options;
  const bound = Math.max(options.bound, pigeonholeBound(uses, numAgents));
  const { agentOf, makespan, ended } = searchIdentical(uses, numAgents, {
    seed,
    meter,
    bound,
    ...(onIncumbent === undefined ? {} : { onIncumbent }),
  });
  return { incumbent: { agentOf, makespan }, ended };
}

function startSearch(problem: MakespanProblem, options: MakespanSearchOptions): EjectionSearch {
  const { prices, bound, seed, meter, start, candidatesPerTask } = options;
  const decision: GeneralizedAssignment = {
    ...problem,
    cost: problem.use.map((use, pair) => prices[problem.pairAgent[pair]!]! * use),
    capacity: capacitiesAt(problem, problem.use.length <= SMALL_PAIRS ? Infinity : HORIZON * bound),
  };
  return new EjectionSearch(decision, {
    seed,
    meter,
    prices,
    stopAtFirst: true,
    ...(start === undefined ? {} : { start }),
    ...(candidatesPerTask === undefined ? {} : { candidatesPerTask }),
  });
}

/** slots · max(0, C − release): what an agent can do by C. */
function capacitiesAt({ slots, availableFrom }: MakespanProblem, makespan: number): Float64Array {
  return availableFrom.map((release, agent) => slots[agent]! * Math.max(0, makespan - release));
}

class BestPlan {
  makespan = Infinity;
  #agentOf: Int32Array | null = null;

  constructor(
    private readonly problem: MakespanProblem,
    private readonly options: MakespanSearchOptions,
  ) {}

  offer(agentOf: Int32Array): void {
    this.options.meter.spend(2 * agentOf.length);
    const makespan = makespanOf(this.problem, agentOf);
    if (!(makespan < this.makespan)) return;
    this.makespan = makespan;
    this.#agentOf = agentOf.slice();
    this.options.onIncumbent?.(this.#agentOf.slice(), makespan);
  }

  plan(): MakespanOutcome["incumbent"] {
    return this.#agentOf === null ? null : { agentOf: this.#agentOf, makespan: this.makespan };
  }
}
