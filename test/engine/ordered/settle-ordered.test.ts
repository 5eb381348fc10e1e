import { afterAll, describe, expect, it } from "vitest";
import { compareGoals, PLAIN_STRATEGIES, type PlainStrategy, STRATEGY_MODELS } from "../../../models/index.js";
import { Session } from "../../../src/engine/goals/session.js";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { runChain } from "../../../src/engine/wave/run-chain.js";
import { DEFAULT_OPTIONS } from "../../../src/planner/solve/options.js";
import { exceeds, faultsOf, forEachTimedPlan } from "./every-timed-plan.js";
import { randomTimedInstance } from "./random-timed-instance.js";

afterAll(closeSolvers);

const COUNT = Number(process.env.ORDERED_COUNT ?? 12);
const FIRST = Number(process.env.ORDERED_FIRST ?? 1);

interface Tally {
  first: number;
  all: number;
  open: string[];
  faults: string[];
}

async function compare(strategy: PlainStrategy, seed: number, tally: Tally): Promise<void> {
  const instance = randomTimedInstance(seed);
  const session = new Session({ ...DEFAULT_OPTIONS, strategy, workLimit: 200_000 }, clocks());
  const outcome = await runChain(session, instance, STRATEGY_MODELS[strategy]);
  const { goals, firstIndex, plan, steps, isInfeasible } = outcome;
  let best: number[] | null = null;
  forEachTimedPlan(instance, (one) => {
    const values = goals.map((goal) => goal.evaluate(one));
    if (best === null || compareGoals(goals, values, best) < 0) best = values;
  });
  const say = (text: string): void => void tally.faults.push(`seed ${seed}: ${text}`);
  if (best === null) {
    if (plan !== null) say("a plan where there is none");
    if (isInfeasible) [tally.first, tally.all] = [tally.first + 1, tally.all + 1];
    else tally.open.push(`${seed} infeasible`);
    return;
  }
  const optimum: number[] = best;
  if (isInfeasible) say("infeasible, though there is a plan");
  if (plan === null) {
    tally.open.push(`${seed} no plan`);
    return;
  }
  for (const fault of faultsOf(instance, plan)) say(fault);
  const values = goals.map((goal) => goal.evaluate(plan));
  if (compareGoals(goals, values, optimum) < 0) say(`better than the best: ${values} against ${optimum}`);
  let isProven = true;
  steps.forEach(({ proof, value }, k) => {
    isProven &&= proof !== null;
    const goal = goals[k]!;
    if (isProven && compareGoals([goal], [value], [optimum[k]!]) !== 0)
      say(`${goal.name} proven at ${value}, best ${optimum[k]}`);
    if (k === firstIndex && isProven) tally.first++;
  });
  if (isProven) tally.all++;
  else tally.open.push(`${seed} ${steps.map(({ proof }) => proof ?? "-").join()} ${values} best ${optimum}`);
  const isZeroBest = goals
    .slice(0, firstIndex)
    .every((goal, k) => compareGoals([goal], [values[k]!], [optimum[k]!]) === 0);
  const { bound } = outcome;
  if (isZeroBest && bound !== null) {
    const [low, high] =
      goals[firstIndex]!.sense === "min" ? [bound, optimum[firstIndex]!] : [optimum[firstIndex]!, bound];
    if (exceeds(low, high)) say(`bound ${bound}, best ${optimum[firstIndex]}`);
  }
}

function clocks() {
  return { now: () => 0, clock: () => performance.now(), fixedNow: true };
}

describe.each(PLAIN_STRATEGIES)("%s with timing", (strategy) => {
  it("keeps every row and proves only what exhaustion confirms", async () => {
    const tally: Tally = { first: 0, all: 0, open: [], faults: [] };
    for (let seed = FIRST; seed < FIRST + COUNT; seed++) await compare(strategy, seed, tally);
    if (process.env.ORDERED_SHOW !== undefined) {
      console.log(
        strategy,
        `first ${tally.first}, all ${tally.all} of ${COUNT}\n${tally.open.slice(0, 12).join("\n")}`,
      );
    }
    expect(tally.faults).toEqual([]);
    expect(tally.all).toBeGreaterThanOrEqual(0.98 * COUNT);
  }, 120_000);
});
