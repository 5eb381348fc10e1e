import {
  type Assignment,
  compareGoals,
  evaluateForm,
  findViolations,
  type Goal,
  type GoalChain,
  type Instance,
  isLinear,
} from "../../../models/index.js";
import { meets } from "../bounds/gap.js";
import type { ChainOutcome, SettledStep } from "./chain-outcome.js";

interface ByValue {
  readonly settleForms: (forms: GoalChain) => Promise<ChainOutcome>;
  /** Counts a plan to be judged, and says whether there is work left for it. */
  readonly mayJudge: () => boolean;
  /** The best plan known before; null where there is none. */
  readonly known: Assignment | null;
}

/**
 * Settles a chain in which some goal is not linear, as `Goal` of models/goal.ts says: first for the forms, by `settleForms`,
 * then by single moves for the values, from the better of the plan of the forms and the one known before.
 */
export async function settleByValue(
  instance: Instance,
  chain: GoalChain,
  { settleForms, mayJudge, known }: ByValue,
): Promise<ChainOutcome> {
  const forms = chain.goals.map((goal) => asLinear(instance, goal));
  const outcome = await settleForms({ ...chain, goals: forms });
  if (outcome.plan === null) return { ...outcome, goals: chain.goals };
  const start = known !== null && isBetter(chain.goals, known, outcome.plan) ? known : outcome.plan;
  const plan = improveByMoves(instance, chain.goals, start, mayJudge);
  const steps = outcome.steps.map((step, k) => judge(chain.goals, k, plan, step));
  const bound = boundOfFirst(chain, outcome);
  const isProven = steps.slice(0, chain.firstIndex + 1).every(({ proof }) => proof !== null);
  return {
    ...outcome,
    goals: chain.goals,
    plan,
    steps,
    bound,
    certificate: bound === null ? null : outcome.certificate,
    limit: isProven ? outcome.limit : (outcome.limit ?? "work"),
  };
}

function isBetter(goals: readonly Goal[], a: Assignment, b: Assignment): boolean {
  const valuesOf = (plan: Assignment): number[] => goals.map((goal) => goal.evaluate(plan));
  return compareGoals(goals, valuesOf(a), valuesOf(b)) < 0;
}

function asLinear(instance: Instance, goal: Goal): Goal {
  if (isLinear(goal)) return goal;
  return { ...goal, linearity: "is", evaluate: (assignment) => evaluateForm(instance, goal, assignment) };
}

/** What is proven of goal k on the plan: nothing after a goal that is not linear, and of such a goal only what its bound meets. */
function judge(
  goals: readonly Goal[],
  k: number,
  plan: Assignment,
  { value: formValue, proof }: SettledStep,
): SettledStep {
  const goal = goals[k]!;
  const value = goal.evaluate(plan);
  if (!goals.slice(0, k).every(isLinear)) return { goal, value, proof: null };
  if (isLinear(goal)) return { goal, value, proof };
  const isMet = proof !== null && goal.linearity === "bounds" && meets(value, formValue);
  return { goal, value, proof: isMet ? "bound" : null };
}

/** Of the form, where that is a bound on the first goal and every goal before it holds its value. */
function boundOfFirst({ goals, firstIndex }: GoalChain, { steps, bound }: ChainOutcome): number | null {
  const first = goals[firstIndex]!;
  const step = steps[firstIndex];
  if (first.linearity === "nothing" || !goals.slice(0, firstIndex).every(isLinear)) return null;
  return step !== undefined && step.proof === "search" ? step.value : bound;
}

/** First improvement over moves of one task and exchanges of two, until none is better. Judges O(tasks · (pairs of a task · slots + tasks)) plans a round. */
function improveByMoves(
  instance: Instance,
  goals: readonly Goal[],
  start: Assignment,
  mayJudge: () => boolean,
): Assignment {
  const valuesOf = (plan: Assignment): number[] => goals.map((goal) => goal.evaluate(plan));
  let best = start;
  let bestValues = valuesOf(best);
  for (let isImproved = true; isImproved;) {
    isImproved = false;
    for (const plan of neighbours(instance, best)) {
      if (!mayJudge()) return best;
      if (findViolations(instance, plan).length > 0) continue;
      const values = valuesOf(plan);
      if (compareGoals(goals, values, bestValues) >= 0) continue;
      [best, bestValues, isImproved] = [plan, values, true];
      break;
    }
  }
  return best;
}

function* neighbours(instance: Instance, { agentOf, slotOf }: Assignment): Generator<Assignment> {
  for (let task = 0; task < instance.numTasks; task++) {
    for (let pair = instance.pairStart[task]!; pair < instance.pairStart[task + 1]!; pair++) {
      const agent = instance.pairAgent[pair]!;
      for (let slot = 0; slot < instance.slots[agent]!; slot++) {
        if (agentOf[task] === agent && slotOf[task] === slot) continue;
        yield { agentOf: agentOf.with(task, agent), slotOf: slotOf.with(task, slot) };
      }
    }
    for (let other = 0; other < task; other++) {
      if (agentOf[task] === agentOf[other]) continue;
      yield {
        agentOf: agentOf.with(task, agentOf[other]!).with(other, agentOf[task]!),
        slotOf: slotOf.with(task, slotOf[other]!).with(other, slotOf[task]!),
      };
    }
  }
}
