import { evaluateMakespanPrices, type MakespanProblem, priceMakespan } from "../bounds/makespan-prices.js";
import type { WorkMeter } from "../bounds/work-meter.js";
import { searchMakespan } from "../search/makespan-search.js";
import type { ArraysAnswer, ArraysNews, ArraysTask } from "./arrays-task.js";
import type { ArraysView } from "./arrays-view.js";

/** A makespan, or a largest load, on arrays: prices, then the search that they guide, down to the bound. */
export function settleArraysMakespan(
  { problem, seed, gap }: ArraysTask,
  timing: NonNullable<ArraysView["timing"]>,
  meter: WorkMeter,
  onNews: (news: ArraysNews) => void,
): ArraysAnswer {
  const { numTasks, numAgents, pairStart, pairAgent, use } = problem;
  const makespan: MakespanProblem = { numTasks, numAgents, pairStart, pairAgent, use, ...timing };
  const { prices, bound } = priceMakespan(makespan, { meter });
  onNews({ kind: "bound", stage: "prices", bound });
  const { incumbent, ended } = searchMakespan(makespan, {
    seed,
    meter,
    prices,
    bound: bound * (1 + gap),
    onIncumbent: (agentOf, value) => onNews({ kind: "incumbent", stage: "search", agentOf, value }),
  });
  const value = incumbent?.makespan ?? null;
  return {
    agentOf: incumbent?.agentOf ?? null,
    bound,
    isDeferralProven: true,
    proof: { kind: "makespan_prices", multipliers: prices, deferralPrice: null, bound: certified(makespan, prices) },
    work: meter.used,
    wasStopped: meter.wasStopped,
    stages: [{ stage: "goal", value, bound: Number.isFinite(bound) ? bound : null, note: `search ended by ${ended}` }],
  };
}

/** What the multipliers prove by themselves. */
function certified(problem: MakespanProblem, prices: Float64Array): number {
  const bound = evaluateMakespanPrices(problem, prices);
  const isWhole = problem.use.every(Number.isInteger) && problem.availableFrom.every(Number.isInteger);
  return isWhole ? Math.ceil(bound - 1e-6) : bound;
}
