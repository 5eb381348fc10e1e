import { priceCapacities } from "../bounds/capacity-prices.js";
import type { GeneralizedAssignment } from "../bounds/generalized-assignment.js";
import { EjectionSearch } from "../search/ejection-search.js";
import { solveAssignment } from "./assignment-engine.js";
import type { EngineOptions, EngineOutcome } from "./engine-contract.js";
import { type CostRules, plainRules, SearchProgress } from "./progress.js";
import { dropDearPairs } from "./reduce-pairs.js";

/** Pairs from which on a root of knapsacks on all of them costs too much. */
export const LARGE_PAIRS = 150_000;
/** Share of the expected work after which dear pairs are dropped, and the pairs left of which there may be a root. */
const SEARCH_SHARE = 0.4;
const CORE_PAIRS = 60_000;

/**
 * Searches one large generalized assignment problem: prices of the capacities, which give the bound and guide an ejection
 * search from the first second on. Where the gap is so small that few pairs can be in a better assignment, the engine
 * for small problems goes on with those; elsewhere the search does. Memory O(pairs).
 */
export function solveLargeAssignment(problem: GeneralizedAssignment, options: EngineOptions): EngineOutcome {
  const { meter, expectedWork, seed, gap = 0 } = options;
  const rules = options.rules ?? plainRules(problem);
  const progress = new SearchProgress(problem, meter, { ...rules, gap }, options.listener ?? {});
  if (options.start !== undefined) progress.offer(options.start);
  progress.stage = "prices";
  const { prices, bound } = priceCapacities(problem, { meter });
  progress.offerBound(bound + rules.offset);
  if (!progress.isDone) {
    progress.stage = "search";
    const search = new EjectionSearch(problem, {
      seed,
      meter,
      prices,
      target: progress.bound - rules.offset,
      ...(options.start === undefined ? {} : { start: options.start }),
      onIncumbent: (agentOf) => void progress.offer(agentOf),
    });
    search.run(Math.ceil(SEARCH_SHARE * expectedWork));
    const core = progress.isDone
      ? null
      : dropDearPairs(problem, prices, progress.highestOfInterest - rules.offset, CORE_PAIRS);
    if (core !== null) solveCore(core, progress, rules, options);
    else if (!progress.isDone) search.run();
  }
  const { agentOf, cost, stage } = progress;
  return { agentOf, cost, bound: progress.bound, prices, stage, lambda: null, rootBound: -Infinity };
}

/** What is dropped is in no better assignment, so a bound on the rest, up to the incumbent, is a bound. */
function solveCore(
  core: GeneralizedAssignment,
  progress: SearchProgress,
  rules: CostRules,
  options: EngineOptions,
): void {
  const { meter, seed, expectedWork, gap } = options;
  const start = progress.agentOf;
  const outcome = solveAssignment(core, {
    seed,
    meter,
    expectedWork: Math.max(0, expectedWork - meter.used),
    rules,
    ...(start === null ? {} : { start }),
    ...(gap === undefined ? {} : { gap }),
    listener: {
      onIncumbent: (agentOf, _cost, stage) => {
        progress.stage = stage;
        progress.offer(agentOf);
      },
    },
  });
  progress.stage = outcome.stage;
  if (outcome.bound > progress.highestOfInterest) progress.ruleOut(progress.highestOfInterest);
  else progress.offerBound(outcome.bound);
}
